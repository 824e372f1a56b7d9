import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { changeTagRule, createTagRule, deleteTagRule, getTagRule, listTagRules } from './tag-rules.ts'

const named = z.object({ id: z.uuid(), name: z.string() })
const method = z.enum(['round_robin', 'let_group_decide'])
const ruleView = z
  .object({
    id: z.uuid(),
    number: z.number(),
    position: z.number(),
    tag: named.nullable().meta({ description: 'null: every fresh message' }),
    user: named.nullable(),
    group: named.nullable(),
    method: method.nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'TagRule' })

const fields = {
  tagId: z.uuid().nullable().meta({
    description:
      'when a chat or a message is tagged with it; null: when a customer writes and nobody has the chat',
  }),
  userId: z.uuid().nullable().meta({ description: 'who gets the chat; a bot holds it' }),
  groupId: z.uuid().nullable().meta({ description: 'which group gets it' }),
  method: method
    .nullable()
    .meta({ description: 'of a group: one of it in turn, or they decide who takes it' }),
}
const position = z
  .int()
  .min(0)
  .max(1_000_000)
  .optional()
  .meta({ description: 'the first rule that fits counts' })

const path = '/platform/v1/tag-rules'
const one = `${path}/:id`
const params = z.object({ id: z.uuid() })
const base = { tag: 'Rules', auth: 'admin' } as const

export const tagRuleRoutes: Route[] = [
  defineRoute({
    ...base,
    ...{ path, method: 'get', auth: 'key' },
    summary: 'The default rules: who gets a chat that is tagged, or a fresh one',
    input: { query: page.query },
    output: page.of(ruleView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const rows = await listTagRules(forkFor(deps.orm, workspaceId), workspaceId, { limit, cursor })
      return page.cut(rows, limit, (rule) => [rule.position, rule.id])
    },
  }),
  defineRoute({
    ...base,
    ...{ path, method: 'post', status: 201 },
    summary: 'Add a default rule',
    input: {
      body: z.object({
        tagId: fields.tagId.default(null),
        userId: fields.userId.default(null),
        groupId: fields.groupId.default(null),
        method: fields.method.default(null),
        position,
      }),
    },
    output: ruleView,
    handle: async ({ deps, actor, body: { position, ...content } }) =>
      createTagRule(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), content, position }),
  }),
  defineRoute({
    ...base,
    ...{ path: one, method: 'get', auth: 'key' },
    summary: 'One default rule',
    input: { params },
    output: ruleView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getTagRule(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    ...base,
    ...{ path: one, method: 'patch' },
    summary: 'Change a default rule',
    input: {
      params,
      body: z.object({
        tagId: fields.tagId.optional(),
        userId: fields.userId.optional(),
        groupId: fields.groupId.optional(),
        method: fields.method.optional(),
        position,
      }),
    },
    output: ruleView,
    handle: async ({ deps, actor, params: { id }, body: { position, ...given } }) => {
      const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      return changeTagRule(deps, {
        workspaceId: actor.workspaceId,
        by: nameActor(actor),
        id,
        change,
        position,
      })
    },
  }),
  defineRoute({
    ...base,
    ...{ path: one, method: 'delete', status: 204 },
    summary: 'Delete a default rule',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor, params: { id } }) =>
      deleteTagRule(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), id }),
  }),
]
