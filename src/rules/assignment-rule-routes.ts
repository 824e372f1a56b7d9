import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { assignmentRuleSchema } from '../model/assignment-rule.ts'
import { jsonObjectSchema } from '../model/json.ts'
import {
  changeAssignmentRule,
  createAssignmentRule,
  deleteAssignmentRule,
  getAssignmentRule,
  listAssignmentRules,
  orderAssignmentRules,
} from './assignment-rules.ts'
import { tryAssignment } from './try-assignment.ts'

const fields = {
  name: z.string().trim().min(1).max(200),
  numberId: z.uuid().nullable().meta({ description: 'null: every phone number' }),
  enabled: z.boolean(),
  definition: assignmentRuleSchema,
}
const ruleView = z
  .object({
    id: z.uuid(),
    ...fields,
    position: z.number(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'AssignmentRule' })
const trialView = z
  .object({
    rules: z
      .array(
        z.object({
          ...{ id: z.uuid(), name: z.string(), matched: z.boolean(), reason: z.string() },
          saw: jsonObjectSchema.meta({ description: 'what was looked at, as it was' }),
          agents: z
            .array(
              z.object({
                ...{ userId: z.uuid(), name: z.string(), open: z.number(), capacity: z.number().nullable() },
                state: z.enum(['free', 'away', 'offline', 'off-hours', 'full']),
              }),
            )
            .meta({ description: 'who was looked at' }),
        }),
      )
      .meta({ description: 'as far as they were looked at' }),
    ruleId: z.uuid().nullable().meta({ description: 'the rule that would decide' }),
    decision: z.string(),
    userId: z.uuid().nullable(),
    groupId: z.uuid().nullable(),
    defaultRuleId: z
      .uuid()
      .nullable()
      .meta({ description: 'a default rule on fresh messages, which would be first' }),
  })
  .meta({ id: 'AssignmentTrial' })

const path = '/platform/v1/assignment-rules'
const one = `${path}/:id`
const params = z.object({ id: z.uuid() })
const base = { tag: 'Rules', auth: 'admin' } as const

export const assignmentRuleRoutes: Route[] = [
  defineRoute({
    ...base,
    ...{ path, method: 'get', auth: 'key' },
    summary: 'The assignment rules, in the order in which they are looked at',
    input: { query: page.query },
    output: page.of(ruleView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const rows = await listAssignmentRules(forkFor(deps.orm, workspaceId), workspaceId, { limit, cursor })
      return page.cut(rows, limit, (rule) => [rule.position, rule.id])
    },
  }),
  defineRoute({
    ...base,
    ...{ path, method: 'post', status: 201 },
    summary: 'Add an assignment rule, as the last one',
    description:
      'The first rule that fits decides who gets a chat that nobody has, when no journey answers it.',
    input: {
      body: z.object({
        name: fields.name,
        numberId: fields.numberId.default(null),
        enabled: fields.enabled.default(true),
        definition: fields.definition,
      }),
    },
    output: ruleView,
    handle: async ({ deps, actor, body }) =>
      createAssignmentRule(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), ...body }),
  }),
  defineRoute({
    ...base,
    ...{ path: one, method: 'get', auth: 'key' },
    summary: 'One assignment rule',
    input: { params },
    output: ruleView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getAssignmentRule(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    ...base,
    ...{ path: one, method: 'patch' },
    summary: 'Change an assignment rule',
    input: {
      params,
      body: z.object({
        name: fields.name.optional(),
        numberId: fields.numberId.optional(),
        enabled: fields.enabled.optional(),
        definition: fields.definition.optional(),
      }),
    },
    output: ruleView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const change = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      return changeAssignmentRule(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), id, change })
    },
  }),
  defineRoute({
    ...base,
    ...{ path: one, method: 'delete', status: 204 },
    summary: 'Delete an assignment rule',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor, params: { id } }) =>
      deleteAssignmentRule(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), id }),
  }),
  defineRoute({
    ...base,
    ...{ path: `${path}/order`, method: 'put', status: 204 },
    summary: 'Put the assignment rules into another order',
    input: { body: z.object({ ids: z.array(z.uuid()).max(200).meta({ description: 'each of them once' }) }) },
    output: z.void(),
    handle: async ({ deps, actor, body: { ids } }) =>
      orderAssignmentRules(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), ids }),
  }),
  defineRoute({
    ...base,
    ...{ path: `${path}/test`, method: 'post', auth: 'key' },
    summary: 'What the rules would do with a message: nothing of it happens',
    input: {
      body: z.object({
        conversationId: z.uuid().meta({ description: 'whose contact and number are looked at' }),
        text: z.string().max(4_096).default(''),
        referral: jsonObjectSchema.optional().meta({ description: 'of an ad, as WhatsApp tells it' }),
        at: z.iso.datetime({ offset: true }).optional().meta({ description: 'now when absent' }),
      }),
    },
    output: trialView,
    handle: async ({ deps, actor: { workspaceId }, body: { conversationId, text, referral, at } }) => {
      const atMs = at === undefined ? Date.now() : Date.parse(at)
      return tryAssignment(deps, { workspaceId, conversationId, text, referral, atMs })
    },
  }),
]
