import type { Response } from 'express'
import { z } from 'zod'
import { csvLine } from '../../kit/csv.ts'
import { sendCsv } from '../../kit/send-csv.ts'
import {
  listQuickCampaigns,
  type QuickCampaignView,
  type QuickRun,
} from '../../quick-campaigns/list-quick-campaigns.ts'
import {
  eachRecipientRow,
  listRecipientRows,
  type RecipientRow,
} from '../../quick-campaigns/list-recipient-rows.ts'
import { findByRef } from '../../quick-campaigns/request-run.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { eitherWay, flag, pageFields, readEither, wireId } from './wire.ts'

const tag = 'Campaign Results'
const nullable = z.string().nullable()
const count = z.int()
const button = z.object({
  text: z.string(),
  type: z.enum(['input', 'journey', 'url', 'phone', 'other']),
  input: z.string().optional(),
  journeyId: z.string().optional(),
  url: z.string().optional(),
  phoneNumber: z.string().optional(),
})
const run = z.object({
  number: count.nullable().meta({ description: 'null of one that waits for its template, or was refused' }),
  status: z.string(),
  reason: nullable,
  startedAt: nullable,
  endedAt: nullable,
})
const entry = z
  .object({
    status: z.literal('success'),
    campaigns: z.object({
      imgUrl: nullable,
      variables: z.array(z.string()),
      buttons: z.array(button),
      campaignId: z.string(),
      locale: nullable,
      message: z.string(),
      templateId: nullable,
      title: z.string(),
      runs: z.array(run),
      totalSent: count,
      totalDelivered: count,
      totalRead: count,
      totalSkipped: count.meta({
        description: 'left out, each with a reason: see Retrieving Campaign Details',
      }),
      SendErrors: count.meta({ description: 'refused at the call' }),
      DeliveryErrors: count.meta({ description: 'accepted, and failed later' }),
      NumbersNotOnWhatsApp: count,
      deliveryRate: z.number().meta({ description: 'of those sent, 0 to 1' }),
      readRate: z.number().meta({ description: 'of those delivered, 0 to 1' }),
      whatsAppTemplatesStatus: nullable,
    }),
  })
  .meta({ id: 'ChatIncCampaignResult' })
const detail = z
  .object({
    number: z.string(),
    action: z.string().meta({ description: 'the furthest that it came to: skipped, sent, read, replied …' }),
    name: nullable,
    input: nullable.meta({ description: 'what a button of the campaign brought' }),
    run: count,
    sentAt: nullable,
    deliveredAt: nullable,
    readAt: nullable,
    clickedAt: nullable,
    repliedAt: nullable,
    failedAt: nullable,
    errorCode: nullable,
    error: nullable,
  })
  .meta({ id: 'ChatIncDetail' })
const listFields = { active: flag.default(false), ...pageFields }
const detailFields = {
  campaignId: wireId.meta({ description: 'required' }),
  format: z
    .string()
    .transform((word) => word.trim().toLowerCase())
    .pipe(z.enum(['json', 'csv']))
    .default('json')
    .meta({ description: 'json or csv' }),
  ...pageFields,
}

export const resultRows: DialectRoute[] = [
  ...(['get', 'post'] as const).map((method) =>
    dialectRoute({
      ...{ tag, method, path: '/retrieve/campaigns' },
      summary: `Retrieve All Campaigns (${method.toUpperCase()})`,
      description: '`active`: only those that are under way or wait for their template.',
      input: eitherWay(method, listFields),
      output: z.array(entry),
      call: (call) => {
        const { active, limit, page } = readEither(z.object(listFields), call)
        const { deps, workspaceId, numberId } = call
        return listQuickCampaigns(deps, { workspaceId, numberId, active, from: (page - 1) * limit, limit })
      },
      toWire: (campaigns) => campaigns.map(toWireEntry),
    }),
  ),
  ...(['get', 'post'] as const).map((method) =>
    dialectRoute({
      ...{ tag, method, path: '/retrieve/campaign' },
      summary: `Retrieving Campaign Details (${method.toUpperCase()})`,
      description:
        'A row a person and run. As JSON a page of them, with at least `number` and `action`; with `format` csv all of them.',
      input: eitherWay(method, detailFields),
      output: z.array(detail),
      download: 'text/csv',
      call: sendDetails,
      // It has gone out already, as it was read.
      toWire: () => [],
    }),
  ),
]

async function sendDetails(call: Call<unknown, unknown, unknown>): Promise<void> {
  const { deps, workspaceId, numberId, request } = call
  const { campaignId: ref, format, limit, page } = readEither(z.object(detailFields), call)
  const { id: campaignId } = await findByRef(deps, { workspaceId, numberId, ref })
  const of = { workspaceId, campaignId }
  if (format === 'json') {
    const rows = await listRecipientRows(deps, { ...of, from: (page - 1) * limit, limit })
    void (request.res as Response).json(rows.map(toWireRow))
    return
  }
  await sendCsv(
    request,
    { name: `${ref.replace(/[^\w-]/g, '_')}.csv`, byteOrderMark: true },
    async function* () {
      yield csvLine(columns)
      for await (const row of eachRecipientRow(deps, of)) {
        const wire = toWireRow(row)
        yield csvLine(columns.map((name) => String(wire[name] ?? '')))
      }
    },
  )
}

const columns = [
  ...(['number', 'action', 'name', 'input', 'run', 'sentAt', 'deliveredAt', 'readAt', 'clickedAt'] as const),
  ...(['repliedAt', 'failedAt', 'errorCode', 'error'] as const),
]

function toWireRow({ code, reason, ...row }: RecipientRow): z.input<typeof detail> {
  const { phone, action, name, input, run: ofRun, acceptedAt: sentAt, deliveredAt, readAt } = row
  const { clickedAt, repliedAt, failedAt } = row
  return {
    ...{ number: phone ?? '', action, name, input, run: ofRun, sentAt, deliveredAt, readAt },
    ...{ clickedAt, repliedAt, failedAt, errorCode: code, error: reason },
  }
}

function toWireEntry(campaign: QuickCampaignView): z.input<typeof entry> {
  const { outcomes, ref, title, message, imageUrl: imgUrl, buttons, variables, language, template } = campaign
  const { sent, delivered, read, skipped, sendErrors, deliveryErrors, notOnWhatsApp } = outcomes
  return {
    status: 'success',
    campaigns: {
      ...{
        imgUrl,
        variables,
        buttons,
        campaignId: ref,
        locale: language,
        message,
        templateId: template,
        title,
      },
      runs: campaign.runs.map(toWireRun),
      ...{ totalSent: sent, totalDelivered: delivered, totalRead: read, totalSkipped: skipped },
      ...{ SendErrors: sendErrors, DeliveryErrors: deliveryErrors, NumbersNotOnWhatsApp: notOnWhatsApp },
      ...{ deliveryRate: rate(delivered, sent), readRate: rate(read, delivered) },
      whatsAppTemplatesStatus: campaign.templateStatus?.toUpperCase() ?? null,
    },
  }
}

function toWireRun({ number, state, reason, startsAt, endedAt }: QuickRun): z.input<typeof run> {
  return { number, status: state, reason, startedAt: startsAt, endedAt }
}

/** To four places. */
function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000
}
