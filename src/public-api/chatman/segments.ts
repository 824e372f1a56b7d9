import { z } from 'zod'
import { decodeCursor, page } from '../../kit/paging.ts'
import { conditionSchema } from '../../model/conditions.ts'
import { flatRulesSchema, rulesToCondition } from '../../model/flat-rules.ts'
import { AppError } from '../../model/errors.ts'
import { evaluateSegment, type Evaluation } from '../../segments/evaluate-segment.ts'
import { listSegments, segmentKinds, type Segment } from '../../segments/find-segments.ts'
import { createLiveSegment, createStaticSegment } from '../../segments/manage-segments.ts'
import { subscribeContacts, unsubscribeContacts } from '../../segments/subscribe-contacts.ts'
import { afterPaging } from '../after-paging.ts'
import { dialectRoute, type Call, type DialectRoute, type FieldNames } from '../dialect-route.ts'
import { nameUsers, userFieldNames } from './name-users.ts'
import { userSchema } from './wire.ts'

const tag = 'Segments'
const segmentWire = z
  .object({
    segment_id: z.uuid(),
    segment_name: z.string(),
    segment_type: z.enum(segmentKinds),
    total_users: z.int(),
    conditions: conditionSchema.nullable().meta({ description: 'of live segments' }),
    evaluated_at: z.iso.datetime().nullable().meta({ description: 'null while its users are being found' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'ChatmanSegment' })
const users = z.array(userSchema).min(1).max(5_000)
const ids = z.object({
  user_ids: z.array(z.uuid()).min(1).max(5_000).meta({
    description: 'primary keys of users: their user_id or biz_whatsapp_user_id',
  }),
})
const params = z.object({ segment_id: z.uuid() })
const changedWire = z.object({
  segment_id: z.uuid(),
  users: z.int().meta({ description: 'that were named' }),
  changed: z.int().meta({ description: 'of those who were not so before' }),
})
const newSegment = z.object({
  segment_name: z.string().trim().min(1).max(200),
  segment_type: z
    .enum(segmentKinds)
    .optional()
    .meta({ description: '`live` when rules or conditions are given' }),
  users: users.optional().meta({ description: 'the first users of a static segment' }),
  rules: flatRulesSchema.optional().meta({ description: 'of a live segment, one a line' }),
  match: z.enum(['all', 'any']).default('all').meta({ description: 'how many of the rules must hold' }),
  conditions: conditionSchema.optional().meta({ description: 'of a live segment, nested as you like' }),
})
const evaluated = z.object({
  segment_id: z.uuid(),
  segment_name: z.string(),
  total_users: z.int(),
  ...afterPaging.of(
    z.object({
      user_id: z.uuid(),
      in_segment: z.boolean(),
      holds: z
        .boolean()
        .nullable()
        .meta({ description: "whether a live segment's conditions hold right now" }),
    }),
  ).shape,
})

export const segmentRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path: '/segments', summary: 'Get Segments List' },
    input: {
      query: z.object({
        search_key: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
        segment_type: z.enum(segmentKinds).optional(),
        ...afterPaging.query,
      }),
    },
    output: afterPaging.of(segmentWire),
    call: async ({ deps, workspaceId, query: { limit, after, search_key: search, segment_type: kind } }) => {
      const before = decodeCursor(after, z.tuple([z.uuid()]))?.[0]
      const rows = await listSegments(deps, { workspaceId, search, kind, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
    toWire: afterPaging.toWire(toWireSegment),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/segments', summary: 'Create Segment', status: 201 },
    description:
      'Users make a static segment; `rules` or `conditions` make a live one, which follows them by itself. Users are named by user_id, wa_id, email or external_customer_id; one that is not known is named, and nothing is made.',
    input: { body: newSegment },
    output: segmentWire,
    call: createSegment,
    toWire: toWireSegment,
    fields: (body) => ({
      ...{ name: 'segment_name', condition: 'conditions' },
      ...ruleFieldNames(body.rules),
      ...userFieldNames(body.users),
    }),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/segments/evaluate', summary: 'Evaluate Segment' },
    description:
      'Which of the given users (up to 100) are in the segment; without users, those who are in it, page by page. Membership of a live segment follows its conditions within moments: `holds` says how they stand right now.',
    input: {
      body: z.object({
        segment_id: z.uuid(),
        user_ids: ids.shape.user_ids.max(100).optional(),
        users: users.max(100).optional(),
        ...afterPaging.query,
      }),
    },
    output: evaluated,
    call: async ({ deps, workspaceId, body: { segment_id: segmentId, user_ids: contactIds, ...body } }) => {
      const contacts = body.users ? nameUsers(body.users) : contactIds && { contactIds }
      return evaluateSegment(deps, {
        workspaceId,
        segmentId,
        contacts,
        limit: body.limit,
        cursor: body.after,
      })
    },
    toWire: toWireEvaluation,
    fields: ({ users: given }) => ({ contactIds: 'user_ids', ...userFieldNames(given) }),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/segments/:segment_id/subscribe', summary: 'Subscribe to a Segment' },
    description: 'Adds users to a static segment.',
    input: { params, body: ids },
    output: changedWire,
    call: (call) =>
      subscribeContacts(call.deps, subscriptionOf(call)).then((done) => ({ ...done, ...call.params })),
    toWire: toWireChanged,
    fields: { contactIds: 'user_ids' },
  }),
  dialectRoute({
    ...{
      tag,
      method: 'post',
      path: '/segments/:segment_id/unsubscribe',
      summary: 'Unsubscribe from a Segment',
    },
    description: 'Takes users out of a static segment.',
    input: { params, body: ids },
    output: changedWire,
    call: (call) =>
      unsubscribeContacts(call.deps, subscriptionOf(call)).then((done) => ({ ...done, ...call.params })),
    toWire: toWireChanged,
    fields: { contactIds: 'user_ids' },
  }),
]

async function createSegment({
  deps,
  workspaceId,
  by,
  body,
}: Call<unknown, unknown, z.output<typeof newSegment>>) {
  const { segment_name: name, users: given, rules, match, conditions } = body
  const condition = conditions ?? (rules && rulesToCondition(rules, match))
  const made = { workspaceId, name, by }
  const kind = body.segment_type ?? (condition ? 'live' : 'static')
  if (kind === 'live') {
    if (!condition) refuse('rules', 'or conditions are required for a live segment')
    if (given) refuse('users', 'come into a live segment by its rules: leave them out')
    return createLiveSegment(deps, { ...made, condition })
  }
  if (condition) refuse('segment_type', 'must be live when there are rules or conditions')
  return createStaticSegment(deps, { ...made, contacts: given && nameUsers(given) })
}

/** Rules become the parts of one condition, in their order. */
function ruleFieldNames(rules: unknown[] = []): FieldNames {
  const named = rules.flatMap((_rule, at) => {
    const [part, rule] = [`condition.conditions.${at}`, `rules.${at}`]
    return [
      [part, rule],
      [`${part}.segmentId`, `${rule}.segment_id`],
      [`${part}.path`, `${rule}.attribute`],
    ]
  })
  return Object.fromEntries(named) as FieldNames
}

function refuse(field: string, message: string): never {
  throw new AppError('invalid_input', `${field} ${message}`, { fields: [{ field, message }] })
}

function subscriptionOf(call: Call<{ segment_id: string }, unknown, z.output<typeof ids>>) {
  const {
    workspaceId,
    by,
    params: { segment_id: segmentId },
    body,
  } = call
  return { workspaceId, segmentId, by, contacts: { contactIds: body.user_ids } }
}

function toWireChanged({
  segment_id,
  named,
  changed,
}: {
  segment_id: string
  named: number
  changed: number
}) {
  return { segment_id, users: named, changed }
}

function toWireSegment({
  id,
  name,
  kind,
  members,
  condition,
  ...times
}: Segment): z.input<typeof segmentWire> {
  return {
    ...{
      segment_id: id,
      segment_name: name,
      segment_type: kind,
      total_users: members,
      conditions: condition,
    },
    ...{ evaluated_at: times.evaluatedAt, created_at: times.createdAt, updated_at: times.updatedAt },
  }
}

function toWireEvaluation({ segment, items, nextCursor }: Evaluation): z.input<typeof evaluated> {
  return {
    ...{ segment_id: segment.id, segment_name: segment.name, total_users: segment.members },
    data: items.map(({ contactId, member, holds }) => ({ user_id: contactId, in_segment: member, holds })),
    paging: { after: nextCursor },
  }
}
