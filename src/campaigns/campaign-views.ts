import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'
import { sayMicros } from '../pricing/price-list.ts'
import { previewView as templatePreview } from '../templates/template-views.ts'
import { campaignKinds, campaignStates, type CampaignRow } from './find-campaigns.ts'
import type { RunProgress } from './find-progress.ts'
import { runStates, type RunRow } from './find-runs.ts'

export const problemView = z.object({
  severity: z.enum(['error', 'warning']),
  field: z.string().meta({ description: 'JSON path into the definition, e.g. `variants.0.message.name`' }),
  message: z.string(),
})

export const campaignView = z
  .object({
    id: z.uuid(),
    ref: z.string().meta({ description: 'what other systems call it' }),
    name: z.string(),
    kind: z.enum(campaignKinds),
    numberId: z.uuid(),
    state: z.enum(campaignStates),
    definition: jsonObjectSchema.meta({
      description: 'perhaps not complete yet: `check` says what is wrong',
    }),
    runs: z.int().meta({ description: 'how often it has been run' }),
    by: z.string(),
    archivedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Campaign' })

/** As lists show them. */
export const campaignLineView = campaignView
  .extend({
    lastRunAt: z.iso.datetime().nullable(),
    nextRunAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'of a recurring one, or one that waits for its time' }),
    numbers: z
      .object({
        ...{ sent: z.int(), delivered: z.int(), read: z.int() },
        ...{ clicked: z.int(), replied: z.int(), failed: z.int() },
      })
      .meta({ description: 'of all its runs' }),
  })
  .meta({ id: 'CampaignLine' })

export function toCampaignView<T extends CampaignRow>({
  draft,
  lastRunNumber,
  workspaceId: _workspace,
  journeyId: _journey,
  factId: _fact,
  ...row
}: T) {
  return { ...row, definition: draft, runs: lastRunNumber }
}

export const runView = z
  .object({
    id: z.uuid(),
    campaignId: z.uuid(),
    campaignName: z.string(),
    number: z.int(),
    state: z.enum(runStates),
    reason: z.string().nullable(),
    startsAt: z.iso.datetime(),
    by: z.string(),
    messagesPerSecond: z.number().nullable().meta({ description: 'null: as fast as the numbers may' }),
    budget: z.object({ amount: z.string(), spent: z.string(), currency: z.string() }).nullable(),
    audience: z.int().nullable().meta({ description: 'null until it is planned' }),
    intended: z.int().nullable(),
    leftOut: z.int().nullable(),
    winner: z.string().nullable().meta({ description: 'the variant that did best in the trial' }),
    workflowId: z.string().meta({ description: "in Temporal's UI" }),
    plannedAt: z.iso.datetime().nullable(),
    sendingAt: z.iso.datetime().nullable(),
    sentAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'CampaignRun' })

export function toRunView(run: RunRow): z.input<typeof runView> {
  const { id, campaignId, number, state, reason, startsAt, by, messagesPerSecond, audience, intended } = run
  const { skipped, winner, workflowId, plannedAt, sendingAt, sentAt, endedAt, createdAt } = run
  const { budgetMicros, spentMicros, currency } = run
  return {
    ...{ id, campaignId, campaignName: run.name, number, state, reason, startsAt, by, messagesPerSecond },
    ...{ audience, intended, leftOut: skipped, winner, workflowId },
    ...{ plannedAt, sendingAt, sentAt, endedAt, createdAt },
    budget:
      budgetMicros === null || currency === null
        ? null
        : { amount: sayMicros(budgetMicros), spent: sayMicros(spentMicros), currency },
  }
}

export const progressView = runView
  .extend({
    progress: z.object({
      taken: z.int().meta({ description: 'people whose turn has come' }),
      planned: z.int().meta({ description: 'messages that wait for their next attempt or an answer' }),
      accepted: z.int(),
      failed: z.int(),
      skipped: z.int().meta({ description: 'refused at their sending, e.g. opted out meanwhile' }),
      unknown: z.int(),
      secondsLeft: z.int().nullable(),
      words: z.string(),
    }),
  })
  .meta({ id: 'CampaignRunProgress' })

export function toProgressView({ run, progress }: { run: RunRow; progress: RunProgress }) {
  return { ...toRunView(run), progress }
}

export const estimateView = z
  .object({
    audience: z.int(),
    intended: z.int(),
    skipped: z.record(z.string(), z.int()).meta({ description: 'left out, by reason' }),
    variants: z.array(z.object({ id: z.string(), recipients: z.int() })),
    cost: z.array(z.object({ currency: z.string(), total: z.string() })),
    unpriced: z.int().meta({ description: 'messages that no rate card has a price for' }),
    durationSeconds: z.int().meta({ description: "at the numbers' speed" }),
    reach: z.object({
      initiated: z.int().meta({ description: 'people whose 24-hour window is closed: we would write first' }),
      used: z.int().meta({ description: 'of the limit, in the last 24 hours' }),
      limit: z.int().nullable().meta({ description: 'people a day; null is unlimited, or not known' }),
    }),
  })
  .meta({ id: 'CampaignEstimate' })

export const previewView = z
  .object({
    variant: z.string(),
    language: z.string().nullable(),
    template: templatePreview.nullable(),
    text: z.string(),
    missing: z.array(z.string()).meta({ description: 'placeholders without a value for this contact' }),
    problem: z.string().nullable(),
  })
  .meta({ id: 'CampaignPreview' })
