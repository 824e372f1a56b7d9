import { z } from 'zod'
import { forkFor } from '../../db/orm.ts'
import { decodeCursor, page } from '../../kit/paging.ts'
import { defineRoute, type Route } from '../../kit/route.ts'
import { followUpSchema } from '../../model/campaign-definition.ts'
import { findRun } from '../find-runs.ts'
import { followUpOutcomes, listFollowUps } from './list-follow-ups.ts'

const followedUp = z
  .object({
    followUp: z.string().meta({ description: 'its id in the definition' }),
    on: followUpSchema.shape.on,
    action: z.enum(['journey', 'tag', 'segment', 'campaign']),
    contactId: z.uuid(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    outcome: z.enum(followUpOutcomes),
    reason: z.string().nullable().meta({ description: 'why it was refused' }),
    at: z.iso.datetime(),
  })
  .meta({ id: 'CampaignFollowedUp' })

export const followUpRoutes: Route[] = [
  defineRoute({
    ...{ tag: 'Campaigns', auth: 'key', method: 'get' },
    path: '/platform/v1/campaign-runs/:id/follow-ups',
    summary: 'What followed from a run, for whom, and what became of it',
    input: {
      params: z.object({ id: z.uuid() }),
      query: page.query.extend({
        followUp: z.string().max(40).optional(),
        outcome: z.enum(followUpOutcomes).optional(),
      }),
    },
    output: page.of(followedUp),
    handle: async ({ deps, actor: { workspaceId }, params: { id: runId }, query }) => {
      const { limit, cursor, ...filter } = query
      const em = forkFor(deps.orm, workspaceId)
      await findRun(em, workspaceId, runId)
      const [followUp, contactId] = decodeCursor(cursor, z.tuple([z.string(), z.uuid()])) ?? []
      const after = followUp !== undefined && contactId !== undefined ? { followUp, contactId } : undefined
      const rows = await listFollowUps(em, { workspaceId, runId, ...filter, after, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.followUp, row.contactId])
    },
  }),
]
