import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { audienceSchema, scheduleSchema } from '../model/campaign-definition.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { AppError } from '../model/errors.ts'
import {
  campaignView,
  progressView,
  runView,
  toCampaignView,
  toProgressView,
  toRunView,
} from './campaign-views.ts'
import { findCampaign } from './find-campaigns.ts'
import { listNextRuns } from './find-next-runs.ts'
import { findProgress } from './find-progress.ts'
import { listRuns, runStates } from './find-runs.ts'
import { launchCampaign } from './launch-campaign.ts'
import { steerCampaign, type CampaignStep } from './steer-campaign.ts'
import { setRunSpeed, steerRun, type RunStep } from './steer-run.ts'
import { triggerCampaign } from './trigger-campaign.ts'

const path = '/platform/v1/campaigns'
const runPath = '/platform/v1/campaign-runs'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Campaigns', auth: 'key' } as const

const recipient = z.object({
  contactId: z.uuid().optional(),
  waId: z
    .string()
    .max(30)
    .optional()
    .meta({ description: 'a phone number; becomes a contact when nobody has it' }),
  externalId: z.string().max(200).optional(),
  given: jsonObjectSchema.optional().meta({ description: '`{{given.…}}` of this one’s message' }),
})

/** Campaigns under way. */
export const runRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/launch`,
    summary: 'Set a campaign going',
    description:
      'A one-time campaign gets a run, now or at its time; launched again it gets another one. Refused while it is going.',
    status: 202,
    input: {
      params,
      body: z
        .object({
          audience: audienceSchema.optional().meta({ description: 'of this run only' }),
          schedule: scheduleSchema.optional().meta({ description: 'of this run only; not a recurring one' }),
        })
        .default({}),
    },
    output: z.object({ campaign: campaignView, run: runView.nullable() }),
    handle: async ({ deps, actor, params: { id: campaignId }, body: { audience, schedule } }) => {
      if (schedule?.kind === 'recurring') {
        const message = 'is of recurring campaigns only'
        throw new AppError('invalid_input', `schedule ${message}`, {
          fields: [{ field: 'schedule.kind', message }],
        })
      }
      const order = { workspaceId: actor.workspaceId, campaignId, by: nameActor(actor) }
      const { campaign, run } = await launchCampaign(deps, { ...order, audience, schedule })
      return { campaign: toCampaignView(campaign), run: run ? toRunView(run) : null }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/trigger`,
    summary: 'Send an API-triggered campaign to these people',
    description:
      'Each call is a run of its own, of at most 10,000 recipients and 1 MB. Send an `Idempotency-Key`: the same is the same run.',
    status: 202,
    input: { params, body: z.object({ recipients: z.array(recipient).min(1).max(10_000) }) },
    output: z.object({
      run: runView,
      recipients: z.int().meta({ description: 'people; somebody who is named twice is one' }),
    }),
    handle: async ({ deps, actor, params: { id: campaignId }, body }) => {
      const order = { workspaceId: actor.workspaceId, campaignId, by: nameActor(actor) }
      const { run, recipients } = await triggerCampaign(deps, { ...order, ...body })
      return { run: toRunView(run), recipients }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/next-runs`,
    summary: 'Say when a recurring campaign would run next',
    description: 'By what its draft says, whether it has been launched or not.',
    input: { params, query: z.object({ limit: z.coerce.number().int().min(1).max(50).default(10) }) },
    output: z.object({ items: z.array(z.iso.datetime()) }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit } }) => {
      const campaign = await findCampaign(forkFor(deps.orm, workspaceId), workspaceId, id)
      return { items: listNextRuns(campaign, limit) }
    },
  }),
  steeringCampaign('pause', 'Hold a campaign'),
  steeringCampaign('resume', 'Let a held campaign go on'),
  steeringCampaign('end', 'End a campaign: nobody new gets it'),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/runs`,
    summary: 'List the runs of a campaign, newest first',
    input: { params, query: page.query.extend({ state: z.enum(runStates).optional() }) },
    output: page.of(runView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, state } }) => {
      const em = forkFor(deps.orm, workspaceId)
      const { id: campaignId } = await findCampaign(em, workspaceId, id)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listRuns(em, { workspaceId, campaignId, state, before, limit: limit + 1 })
      return page.cut(rows.map(toRunView), limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: runPath,
    summary: 'List the runs of all campaigns, newest first',
    input: { query: page.query.extend({ state: z.enum(runStates).optional() }) },
    output: page.of(runView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, state } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listRuns(em, { workspaceId, state, before, limit: limit + 1 })
      return page.cut(rows.map(toRunView), limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${runPath}/:id`,
    summary: 'Show a run and how far it is',
    input: { params },
    output: progressView,
    handle: async ({ deps, actor: { workspaceId }, params: { id: runId } }) =>
      toProgressView(await findProgress(deps, { workspaceId, runId })),
  }),
  steering('pause', 'Hold a run: nothing more is sent from now on'),
  steering('resume', 'Let a held run go on'),
  steering('cancel', 'End a run: what was sent stays sent'),
  defineRoute({
    ...base,
    method: 'post',
    path: `${runPath}/:id/speed`,
    summary: 'Set how fast a run is sent',
    input: {
      params,
      body: z.object({
        messagesPerSecond: z
          .number()
          .min(0.001)
          .max(1_000)
          .nullable()
          .meta({ description: 'null: as fast as the numbers may' }),
      }),
    },
    output: runView,
    handle: async ({ deps, actor, params: { id: runId }, body: { messagesPerSecond } }) => {
      const order = { workspaceId: actor.workspaceId, runId, by: nameActor(actor) }
      return toRunView(
        await setRunSpeed(deps, { ...order, messagesPerSecond: messagesPerSecond ?? undefined }),
      )
    },
  }),
]

function steering(step: RunStep, summary: string): Route {
  return defineRoute({
    ...base,
    method: 'post',
    path: `${runPath}/:id/${step}`,
    summary,
    input: { params },
    output: runView,
    handle: async ({ deps, actor, params: { id: runId } }) => {
      const order = { workspaceId: actor.workspaceId, runId, by: nameActor(actor) }
      return toRunView(await steerRun(deps, order, step))
    },
  })
}

function steeringCampaign(step: CampaignStep, summary: string): Route {
  return defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/${step}`,
    summary,
    input: { params },
    output: campaignView,
    handle: async ({ deps, actor, params: { id: campaignId } }) => {
      const order = { workspaceId: actor.workspaceId, campaignId, by: nameActor(actor) }
      return toCampaignView(await steerCampaign(deps, order, step))
    },
  })
}
