import { z } from 'zod'
import {
  checkCampaign,
  campaignEvents,
  listCampaignEvents,
  type CampaignEventView,
} from '../../campaign-reports/list-campaign-events.ts'
import { decodeCursor, page } from '../../kit/paging.ts'
import { afterPaging } from '../after-paging.ts'
import { dialectRoute, type Call } from '../dialect-route.ts'
import { eventWire, filter } from './event-wire.ts'

const campaignNames = campaignEvents.map((event) => `message_${event}` as const)

export const campaignEventsRow = dialectRoute({
  ...{
    tag: 'Events',
    method: 'get',
    path: '/events/campaigns/:campaign_id',
    summary: 'Get Campaign Events by Campaign ID',
  },
  description:
    "What happened to the messages that a campaign sent from the key's number: the newest message first, and of each what happened in its order.",
  input: {
    params: z.object({ campaign_id: z.uuid() }),
    query: z.object({ ...filter, event_name: z.enum(campaignNames).optional() }),
  },
  output: afterPaging.of(eventWire),
  call: listOfCampaign,
  toWire: afterPaging.toWire(toWireCampaignEvent),
  fields: { id: 'campaign_id' },
})

async function listOfCampaign({
  deps,
  workspaceId,
  numberId,
  params: { campaign_id: campaignId },
  query: { event_name, start_time: from, end_time: to, limit, after },
}: Call<{ campaign_id: string }, CampaignFilter>) {
  await checkCampaign(deps, workspaceId, campaignId)
  const [messageId, event] = decodeCursor(after, z.tuple([z.uuid(), z.string()])) ?? []
  const rows = await listCampaignEvents(deps, {
    ...{ workspaceId, campaignId, numberId, from, to, limit: limit + 1 },
    event: event_name && campaignEvents[campaignNames.indexOf(event_name)],
    after: messageId !== undefined && event !== undefined ? { messageId, event } : undefined,
  })
  return page.cut(rows, limit, (row) => [row.messageId, row.event])
}
interface CampaignFilter {
  event_name?: (typeof campaignNames)[number] | undefined
  start_time?: string | undefined
  end_time?: string | undefined
  limit: number
  after?: string | undefined
}

function toWireCampaignEvent(row: CampaignEventView): z.input<typeof eventWire> {
  const { messageId, contactId, event, at, type, runId, variant, code } = row
  const attributes = { message_id: messageId, type, campaign_run_id: runId, variant, code }
  return {
    ...{ event_id: messageId, user_id: contactId, event_name: `message_${event}`, attributes },
    occurred_at: at,
  }
}
