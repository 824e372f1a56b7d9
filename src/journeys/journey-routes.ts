import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { migrationSchema } from '../live-edits/migration-schema.ts'
import { publishAndMigrate } from '../live-edits/publish-and-migrate.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { journeyDefinitionSchema } from '../model/journey-definition.ts'
import { triggerSchema } from '../model/triggers.ts'
import { countJourneys } from '../reports/count-journeys.ts'
import { deleteJourney } from './delete-journey.ts'
import { editJourney } from './edit-journey.ts'
import { judgeDraft } from './judge-draft.ts'
import { createJourney, getJourney, getVersion, listVersions, unpublishJourney } from './manage-journeys.ts'
import { forkFor } from '../db/orm.ts'
import { journeySorts, journeyStates, listJourneys } from './list-journeys.ts'

const name = z.string().trim().min(1).max(200)
const flowKey = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'must be 1 to 100 letters, digits, . _ or -')
  .nullable()
  .meta({ description: "what Engati's callers start it by, without case; its id will always do" })
const revision = z.int().min(1).optional().meta({
  description:
    'the one that you looked at: 409 `conflict` says who changed the draft since, and when. Without it nobody is told',
})
const draft = jsonObjectSchema.meta({
  description: 'A journey definition, complete or not: only publishing demands that it is right',
})

const journeyView = z
  .object({
    id: z.uuid(),
    numberId: z.uuid(),
    name: z.string(),
    draft: jsonObjectSchema,
    revision: z.int().meta({ description: "counts the draft's changes; send it back with yours" }),
    publishedVersionId: z.uuid().nullable().meta({ description: 'what new runs take' }),
    flowKey: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Journey' })
const journeyLine = journeyView.extend({
  state: z.enum(journeyStates),
  numbers: z
    .object({ entered: z.int(), inside: z.int(), completed: z.int(), goalReached: z.int(), stuck: z.int() })
    .meta({ description: 'of all versions and of all time' }),
})
const journeyFilter = {
  search: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
  state: z.enum(journeyStates).optional().meta({ description: '`paused`: held as a whole' }),
  trigger: z
    .enum(triggerSchema.options.map(({ shape }) => shape.type.value))
    .optional()
    .meta({ description: 'a type of trigger, of the draft or of what is published' }),
  editedFrom: z.iso.datetime({ offset: true }).optional(),
  editedTo: z.iso.datetime({ offset: true }).optional().meta({ description: 'that instant not included' }),
  sort: z.enum(journeySorts).default('created'),
  order: z.enum(['asc', 'desc']).default('desc'),
}
const versionLine = z.object({
  id: z.uuid(),
  journeyId: z.uuid(),
  number: z.int(),
  publishedAt: z.iso.datetime(),
  overridden: z
    .object({
      reason: z.string(),
      by: z.string(),
      failing: z.array(
        z.object({
          name: z.string(),
          passed: z.boolean(),
          failures: z.array(z.object({ expectation: z.int(), message: z.string() })),
        }),
      ),
    })
    .nullable()
    .optional()
    .meta({ description: 'assertions that did not hold as it was published, and why it was all the same' }),
})
const versionView = versionLine.extend({ definition: journeyDefinitionSchema }).meta({ id: 'JourneyVersion' })
const problemView = z
  .object({
    severity: z.enum(['error', 'warning']),
    card: z.string().optional(),
    field: z.string().meta({ description: 'JSON path, e.g. `cards.ask.settings.body`' }),
    message: z.string(),
  })
  .meta({ id: 'JourneyProblem' })

const path = '/platform/v1/journeys'
const tag = 'Journeys'
const params = z.object({ id: z.uuid() })
const base = { tag, auth: 'key' } as const

export const journeyRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the journeys, newest first or as you like',
    input: { query: page.query.extend(journeyFilter) },
    output: page.of(journeyLine),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const after = decodeCursor(cursor, z.tuple([z.string(), z.uuid()]))
      const rows = await listJourneys(deps, { workspaceId, ...filter, after, limit: limit + 1 })
      const lines = page.cut(rows, limit, ({ sortKey, id }) => [sortKey, id])
      const ids = lines.items.map(({ id }) => id)
      const numbers = await countJourneys(deps, workspaceId, ids)
      const nothing = { entered: 0, inside: 0, completed: 0, goalReached: 0, stuck: 0 }
      return {
        ...lines,
        items: lines.items.map((line) => ({ ...line, numbers: numbers.get(line.id) ?? nothing })),
      }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a journey as a draft',
    status: 201,
    input: { body: z.object({ numberId: z.uuid(), name, draft: draft.default({}) }) },
    output: journeyView,
    handle: async ({ deps, actor: { workspaceId }, body }) =>
      toView(await createJourney(deps, { workspaceId, ...body })),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a journey with its draft',
    input: { params },
    output: journeyView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await getJourney(forkFor(deps.orm, workspaceId), id)),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a journey, replace its draft, or give it a key',
    input: {
      params,
      body: z.object({
        name: name.optional(),
        draft: draft.optional(),
        flowKey: flowKey.optional(),
        revision,
      }),
    },
    output: journeyView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const where = { workspaceId: actor.workspaceId, journeyId: id, by: nameActor(actor) }
      return toView(await editJourney(deps, { ...where, ...body }))
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a journey',
    description: 'Nobody enters any more. Runs inside go on or are cancelled, as you choose; traces stay.',
    status: 204,
    input: {
      params,
      query: z.object({
        runs: z
          .enum(['continue', 'cancel'])
          .default('continue')
          .meta({ description: '`cancel`: a bulk operation ends who is inside' }),
      }),
    },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id }, query: { runs } }) => {
      const { workspaceId } = actor
      await deleteJourney(deps, {
        ...{ workspaceId, journeyId: id },
        ...(runs === 'cancel' && { cancelledBy: nameActor(actor) }),
      })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/validate`,
    summary: 'Say what is wrong with the draft',
    input: { params, body: z.object({ draft: draft.optional() }) },
    output: z.object({
      valid: z.boolean(),
      problems: z.array(problemView),
      outlets: z
        .record(z.string(), z.array(z.object({ id: z.string(), label: z.string() })))
        .meta({ description: 'ways out of each card whose settings are right' }),
    }),
    handle: ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      judgeDraft(deps, { workspaceId, journeyId: id, draft: body.draft }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/publish`,
    summary: 'Freeze the draft as the next version',
    description:
      'New runs take it, runs inside keep theirs unless a migration is given: both or neither. 422 `invalid_journey` names card and field, or the assertions that do not hold.',
    status: 201,
    input: {
      params,
      body: z.object({
        revision,
        declareAttributes: z.boolean().default(false).meta({
          description: 'declares the contact attributes that its cards set and nobody has declared',
        }),
        overrideAssertions: z
          .object({ reason: z.string().trim().min(3).max(1_000) })
          .optional()
          .meta({ description: 'publishes although assertions do not hold; the reason is kept' }),
        migration: migrationSchema.optional().meta({
          description: 'moves people inside, too; its plan must name each changed card where people stand',
        }),
      }),
    },
    output: z.object({
      version: versionLine,
      warnings: z.array(problemView),
      migrationId: z.uuid().nullable().meta({ description: 'null when nobody is to be moved' }),
    }),
    handle: async ({ deps, actor, params: { id }, body }) => {
      const where = { workspaceId: actor.workspaceId, journeyId: id, by: nameActor(actor) }
      const { version, ...more } = await publishAndMigrate(deps, { ...where, ...body })
      return { ...more, version: { ...version, publishedAt: version.publishedAt.toISOString() } }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/unpublish`,
    summary: 'Let nobody enter any more',
    input: { params },
    output: journeyView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await unpublishJourney(deps, { workspaceId, journeyId: id })),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/versions`,
    summary: 'List the versions, newest first',
    input: { params, query: page.query },
    output: page.of(versionLine),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const beforeNumber = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const rows = await listVersions(deps, { workspaceId, journeyId: id, beforeNumber, limit: limit + 1 })
      return page.cut(rows.map(toVersion), limit, ({ number }) => [number])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/versions/:number`,
    summary: 'Show a version',
    input: { params: params.extend({ number: z.coerce.number().int().min(1).max(2_147_483_647) }) },
    output: versionView,
    handle: async ({ deps, actor: { workspaceId }, params: { id, number } }) =>
      toVersion(await getVersion(deps, { workspaceId, journeyId: id, number })),
  }),
]

type Row = Awaited<ReturnType<typeof getJourney>>

function toView(row: Row) {
  const { id, numberId, name: words, publishedVersionId, createdAt, updatedAt } = row
  return {
    id,
    numberId,
    name: words,
    draft: row.draft,
    revision: row.draftRevision,
    publishedVersionId: publishedVersionId ?? null,
    flowKey: row.flowKey ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

function toVersion(row: Awaited<ReturnType<typeof getVersion>>) {
  const { id, journeyId, number, publishedAt, definition, overridden = null } = row
  return { id, journeyId, number, publishedAt: publishedAt.toISOString(), definition, overridden }
}
