import { z } from 'zod'
import { setSpam } from '../contacts/set-spam.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { readAccess } from './access.ts'
import { bulkActionSchema, changeMany, findForBulk, maximumBulk } from './bulk.ts'
import { demandMayMark } from './demand-answer.ts'
import { filterSchema } from './filter.ts'

const base = { tag: 'Conversations', auth: 'key', method: 'post' } as const
const path = '/platform/v1/conversations'

/** What is done to many chats at once, and that one is spam. */
export const bulkRoutes: Route[] = [
  defineRoute({
    ...base,
    path: `${path}/bulk`,
    summary: 'Do the same to many conversations',
    description:
      `To those of the ids, or to the newest of a filter; at most ${maximumBulk} at once. Each is done or refused by itself, ` +
      'as if you did it one by one.',
    input: {
      body: z
        .strictObject({
          ids: z.array(z.uuid()).min(1).max(maximumBulk).optional(),
          filter: filterSchema.optional(),
          action: bulkActionSchema,
        })
        .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
          message: 'give either ids or filter',
          path: ['ids'],
        }),
    },
    output: z.object({
      results: z.array(
        z.object({
          id: z.uuid(),
          outcome: z.enum(['changed', 'unchanged', 'refused']),
          code: z.string().nullable(),
          reason: z.string().nullable().meta({ description: 'why it was refused' }),
        }),
      ),
      changed: z.int(),
      more: z.boolean().meta({ description: 'more fit the filter than were changed: call again' }),
    }),
    handle: async ({ deps, actor, body: { ids, filter = {}, action } }) => {
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      const found = ids ?? (await findForBulk(deps, access, filter))
      const order = { access, action, by: nameActor(actor) }
      const results = await changeMany(deps, order, found.slice(0, maximumBulk))
      const changed = results.filter(({ outcome }) => outcome === 'changed').length
      return { results, changed, more: found.length > maximumBulk }
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/:id/spam`,
    summary: 'Mark the customer of a conversation as spam, or take the mark away',
    description:
      'What spam writes is stored and nothing follows from it; its conversations leave the lists until the mark is taken away. ' +
      'It is for whoever could answer in the chat.',
    status: 204,
    input: { params: z.object({ id: z.uuid() }), body: z.strictObject({ spam: z.boolean() }) },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id }, body: { spam } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const { contactId } = await demandMayMark(em, await readAccess(em, actor), id)
      await setSpam(deps, { workspaceId, contactId, spam, by: nameActor(actor) })
      return undefined
    },
  }),
]
