import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendCsv } from '../kit/send-csv.ts'
import { sayMicros } from '../pricing/price-list.ts'
import { certificateLines, issueCertificate } from './certificate.ts'
import { recipientLines } from './export-recipients.ts'
import { findCertifiedRun } from './find-certified-run.ts'
import { campaignEvents, checkCampaign, listCampaignEvents } from './list-campaign-events.ts'
import { listRecipients, type After } from './list-recipients.ts'
import { rebuildRun } from './rebuild-run.ts'
import {
  certificateView,
  comparedView,
  eventView,
  momentView,
  recipientFilter,
  recipientView,
  statisticsView,
} from './report-views.ts'
import { compareCampaigns, reportStatistics } from './statistics.ts'
import type { Story } from './stories.ts'
import { reportTimeline, steps } from './timeline.ts'

const runs = '/platform/v1/campaign-runs/:id'
const campaigns = '/platform/v1/campaigns/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Campaign reports', auth: 'key', method: 'get' } as const
const isoDate = z.iso.datetime({ offset: true })

const statistics = [
  defineRoute({
    ...{
      ...base,
      path: `${runs}/statistics`,
      summary: "What became of a campaign's run, in all and by variant",
    },
    description: 'Counted as things happen: it costs the same after ten messages and after ten million.',
    input: { params },
    output: statisticsView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await findCertifiedRun(deps, workspaceId, id)
      return reportStatistics(deps, workspaceId, { runId: id })
    },
  }),
  defineRoute({
    ...{ ...base, path: `${campaigns}/statistics`, summary: 'What became of all runs of a campaign' },
    input: { params },
    output: statisticsView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await checkCampaign(deps, workspaceId, id)
      return reportStatistics(deps, workspaceId, { campaignId: id })
    },
  }),
  defineRoute({
    ...{ ...base, path: '/platform/v1/campaigns/compare', summary: 'Campaigns against the first one' },
    description:
      'A rate is better or worse only where chance is an unlikely explanation (two-proportion z-test).',
    input: {
      query: z.object({
        ids: z
          .string()
          .transform((text) => [...new Set(text.split(','))])
          .pipe(z.array(z.uuid()).min(2).max(10))
          .meta({ description: 'two to ten, by commas' }),
      }),
    },
    output: z.object({ items: z.array(comparedView) }),
    handle: async ({ deps, actor: { workspaceId }, query: { ids } }) => ({
      items: await compareCampaigns(deps, workspaceId, ids),
    }),
  }),
  defineRoute({
    ...{ ...base, path: `${runs}/timeline`, summary: "When what happened to a run's messages" },
    input: {
      params,
      query: page.query.extend({
        by: z.enum(steps).optional().meta({ description: 'as fits the time the run took when absent' }),
      }),
    },
    output: page.of(momentView).extend({ by: z.enum(steps) }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, by } }) => {
      await findCertifiedRun(deps, workspaceId, id)
      const [after, step] = decodeCursor(cursor, z.tuple([z.iso.datetime(), z.enum(steps)])) ?? []
      const asked = { workspaceId, runId: id, by: by ?? step, after, limit: limit + 1 }
      const { by: used, moments } = await reportTimeline(deps, asked)
      return { by: used, ...page.cut(moments, limit, ({ at }) => [at, used]) }
    },
  }),
  defineRoute({
    ...{ ...base, auth: 'admin', method: 'post', path: `${runs}/statistics/rebuild`, status: 202 },
    summary: "Count a campaign's run anew from its rows",
    input: { params },
    output: z.object({ runId: z.uuid() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await findCertifiedRun(deps, workspaceId, id)
      deps.background.run('rebuilding a campaign', () => rebuildRun(deps, { workspaceId, runId: id }))
      return { runId: id }
    },
  }),
]

const place: z.ZodType<After> = z.union([z.tuple([z.int(), z.int()]), z.tuple([z.uuid()])])

const lists = [
  defineRoute({
    ...{
      ...base,
      path: `${runs}/recipients`,
      summary: 'Whom a run was meant for, each with the whole story',
    },
    input: {
      params,
      query: page.query.extend({
        outcome: recipientFilter.optional().meta({
          description: 'everybody in the order of the plan when absent; those left out come first',
        }),
      }),
    },
    output: page.of(recipientView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, outcome } }) => {
      const run = await findCertifiedRun(deps, workspaceId, id)
      const after = decodeCursor(cursor, place)
      const { stories, next } = await listRecipients(deps, run, outcome, after, limit)
      const { nextCursor } = page.cut(next ? [next, next] : [], 1, (key) => key)
      return { items: stories.map(toRecipient), nextCursor }
    },
  }),
  defineRoute({
    ...{
      ...base,
      path: `${campaigns}/events`,
      summary: "What happened to a campaign's messages, newest first",
    },
    input: {
      params,
      query: page.query.extend({
        event: z.enum(campaignEvents).optional(),
        from: isoDate.optional(),
        to: isoDate.optional(),
      }),
    },
    output: page.of(eventView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, ...filter } }) => {
      await checkCampaign(deps, workspaceId, id)
      const [messageId, event] = decodeCursor(cursor, z.tuple([z.uuid(), z.string()])) ?? []
      const rows = await listCampaignEvents(deps, {
        ...{ ...filter, workspaceId, campaignId: id, limit: limit + 1 },
        after: messageId !== undefined && event !== undefined ? { messageId, event } : undefined,
      })
      const { items, nextCursor } = page.cut(rows, limit, (row) => [row.messageId, row.event])
      return { items: items.map(({ type: _type, ...row }) => row), nextCursor }
    },
  }),
]

const proof = [
  defineRoute({
    ...{
      ...base,
      path: `${runs}/certificate`,
      summary: 'The proof of a run: computed from its rows, and adding up',
    },
    description:
      'audience = intended + left out; messages = accepted + failed + skipped + unknown + pending; no message twice. Each row of the CSV file carries the hash of the one before; `npm run verify-certificate -- <file>` checks one.',
    input: { params },
    output: certificateView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      issueCertificate(deps, workspaceId, id),
  }),
  defineRoute({
    ...{ ...base, path: `${runs}/certificate.csv`, download: 'text/csv' },
    summary: 'Download the rows of the proof, each with its hash, as CSV',
    description: 'Streamed: a million rows take no more memory than a page of them.',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, request }) => {
      const run = await findCertifiedRun(deps, workspaceId, id)
      const file = { name: `${run.name} ${run.number} certificate.csv`, byteOrderMark: false }
      await sendCsv(request, file, () => certificateLines(deps, run))
    },
  }),
  defineRoute({
    ...{ ...base, path: `${runs}/export`, download: 'text/csv' },
    summary: 'Download everybody whom a run was meant for, with the whole story, as CSV',
    input: { params, query: z.object({ outcome: recipientFilter.optional() }) },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { outcome }, request }) => {
      const run = await findCertifiedRun(deps, workspaceId, id)
      const file = { name: `${run.name} ${run.number}.csv`, byteOrderMark: false }
      await sendCsv(request, file, () => recipientLines(deps, run, { outcome, delimiter: ',' }))
    },
  }),
]

function toRecipient({
  lane: _lane,
  seq: _seq,
  sendKey: _key,
  costMicros,
  ...story
}: Story): z.input<typeof recipientView> {
  return { ...story, cost: costMicros === null ? null : sayMicros(costMicros) }
}

/** What became of campaigns, and the proof of it. Before the campaigns' own routes: `compare` is no campaign's id. */
export const routes: Route[] = [...statistics, ...lists, ...proof]
