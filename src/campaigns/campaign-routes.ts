import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import {
  campaignLineView,
  campaignView,
  estimateView,
  previewView,
  problemView,
  toCampaignView,
} from './campaign-views.ts'
import { checkCampaign } from './check-campaign.ts'
import { campaignKinds, campaignStates, findCampaign, listCampaigns } from './find-campaigns.ts'
import { describeCampaigns } from './list-lines.ts'
import { archiveCampaign, changeCampaign, createCampaign, deleteCampaign } from './save-campaign.ts'

const path = '/platform/v1/campaigns'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Campaigns', auth: 'key' } as const
const name = z.string().trim().min(1).max(200)
const definition = jsonObjectSchema.meta({
  description: 'a draft may be incomplete; what it is to be in the end is `CampaignDefinition`',
})

/** Drafts of campaigns. */
export const campaignRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search campaigns, newest first',
    input: {
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
        kind: z.enum(campaignKinds).optional(),
        state: z.enum(campaignStates).optional(),
        numberId: z.uuid().optional(),
        uses: z.uuid().optional().meta({
          description: 'that name this segment, journey, template, variable group or campaign',
        }),
        archived: z.enum(['true', 'false']).default('false'),
      }),
    },
    output: page.of(campaignLineView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, archived, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const wanted = { ...filter, workspaceId, archived: archived === 'true', before, limit: limit + 1 }
      const rows = await listCampaigns(forkFor(deps.orm, workspaceId), wanted)
      const lines = await describeCampaigns(deps, workspaceId, rows)
      return page.cut(lines.map(toCampaignView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Start the draft of a campaign',
    status: 201,
    input: {
      body: z.object({
        name,
        kind: z.enum(campaignKinds),
        numberId: z.uuid(),
        definition: definition.default({}),
      }),
    },
    output: campaignView,
    handle: async ({ deps, actor, body: { definition: draft, ...body } }) =>
      toCampaignView(
        await createCampaign(deps, {
          ...{ ...body, draft, workspaceId: actor.workspaceId, by: nameActor(actor) },
        }),
      ),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a campaign',
    input: { params },
    output: campaignView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toCampaignView(await findCampaign(forkFor(deps.orm, workspaceId), workspaceId, id)),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a campaign',
    description:
      'The definition is replaced as a whole. Runs that have begun keep what they began with; what goes on by itself is ended first.',
    input: {
      params,
      body: z.object({
        name: name.optional(),
        numberId: z.uuid().optional(),
        definition: definition.optional(),
      }),
    },
    output: campaignView,
    handle: async ({ deps, actor, params: { id: campaignId }, body: { definition: draft, ...body } }) =>
      toCampaignView(
        await changeCampaign(deps, {
          ...{ ...body, draft, campaignId, workspaceId: actor.workspaceId, by: nameActor(actor) },
        }),
      ),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete the draft of a campaign that has never run',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor, params: { id: campaignId } }) =>
      deleteCampaign(deps, { workspaceId: actor.workspaceId, campaignId, by: nameActor(actor) }),
  }),
  archiving('archive', true, 'Take a campaign out of the lists'),
  archiving('unarchive', false, 'Bring an archived campaign back'),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/check`,
    summary: 'Say what is wrong with a campaign and what a run would come to',
    description:
      'How many people, who is left out and why, what it costs, how long it takes, and what a contact would see. Nothing is stored.',
    input: {
      params,
      body: z
        .object({
          contactId: z.uuid().optional().meta({ description: 'shows the message as this one would get it' }),
          given: jsonObjectSchema.optional(),
        })
        .default({}),
    },
    output: z.object({
      valid: z.boolean(),
      problems: z.array(problemView),
      estimate: estimateView.nullable(),
      preview: z.array(previewView),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id: campaignId }, body }) =>
      checkCampaign(deps, { ...body, workspaceId, campaignId }),
  }),
]

function archiving(verb: string, archived: boolean, summary: string): Route {
  return defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/${verb}`,
    summary,
    input: { params },
    output: campaignView,
    handle: async ({ deps, actor, params: { id: campaignId } }) => {
      const order = { workspaceId: actor.workspaceId, campaignId, archived, by: nameActor(actor) }
      return toCampaignView(await archiveCampaign(deps, order))
    },
  })
}
