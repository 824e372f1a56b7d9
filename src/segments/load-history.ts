import type { Em } from '../db/orm.ts'
import { leavesOf } from '../model/condition-dependencies.ts'
import type { CampaignMessage, ConditionHistory, PastEvent, PastRun } from '../model/condition-history.ts'
import { eventWindow, type Condition } from '../model/conditions.ts'
import { isSystemEvent, systemEvents } from '../model/system-events.ts'
import { campaignTimes, lastMessageSql } from './compile-engagement.ts'

/** A contact with more events than this in the windows asked about is judged by SQL. */
const maximumEvents = 5_000

export interface LoadedHistories {
  /** By contact. Of those with too many events there is none. */
  histories: Map<string, ConditionHistory>
  tooLong: Set<string>
}

/** What lies behind some contacts, as far as these conditions look at it: a few queries, whatever their number. */
export async function loadHistories(
  em: Em,
  input: { workspaceId: string; contactIds: string[]; conditions: Condition[]; nowMs: number },
): Promise<LoadedHistories> {
  const { workspaceId, contactIds } = input
  const needs = needsOf(input.conditions, input.nowMs)
  const asked = { em, workspaceId, contacts: JSON.stringify(contactIds) }
  const histories = await loadStanding(asked, contactIds)
  const tooLong = new Set<string>()
  for (const row of await loadEvents(asked, needs.events)) {
    const history = histories.get(row.contact_id)
    if (!history) continue
    history.events.push({ type: row.type, atMs: row.at_ms, attributes: row.attributes })
    if (history.events.length > maximumEvents) tooLong.add(row.contact_id)
  }
  for (const row of await loadSegments(asked, needs.segmentIds))
    histories.get(row.contact_id)?.segmentIds.add(row.segment_id)
  for (const { contact_id, ...run } of await loadRuns(asked, needs.journeyIds))
    histories.get(contact_id)?.runs.push({ ...run, endedAtMs: run.endedAtMs ?? undefined })
  if (needs.campaigns)
    for (const row of await loadCampaignMessages(asked))
      histories.get(row.contact_id)?.campaignMessages.push(toCampaignMessage(row))
  if (needs.lastMessage)
    for (const { contact_id, ...said } of await loadLastMessages(asked)) {
      const history = histories.get(contact_id)
      if (history) history.lastMessage = lastMessageStatuses.filter((status) => said[status])
    }
  for (const contactId of tooLong) histories.delete(contactId)
  return { histories, tooLong }
}

interface Asked {
  em: Em
  workspaceId: string
  /** Ids as a JSON list. */
  contacts: string
}
interface Needs {
  /** Event type -> the earliest instant that matters. */
  events: Map<string, number>
  segmentIds: Set<string>
  journeyIds: Set<string>
  campaigns: boolean
  lastMessage: boolean
}

function needsOf(conditions: Condition[], nowMs: number): Needs {
  const needs: Needs = {
    events: new Map(),
    segmentIds: new Set(),
    journeyIds: new Set(),
    campaigns: false,
    lastMessage: false,
  }
  for (const leaf of conditions.flatMap(leavesOf)) {
    if (leaf.kind === 'segment') needs.segmentIds.add(leaf.segmentId)
    if (leaf.kind === 'journey') needs.journeyIds.add(leaf.journeyId)
    if (leaf.kind === 'campaign') needs.campaigns = true
    if (leaf.kind === 'last-message') needs.lastMessage = true
    if (leaf.kind !== 'event') continue
    const [fromMs] = eventWindow(leaf, nowMs)
    needs.events.set(leaf.event, Math.min(fromMs, needs.events.get(leaf.event) ?? Number.POSITIVE_INFINITY))
  }
  return needs
}

const ofContacts = 'in (select jsonb_array_elements_text(?::jsonb)::uuid)'
const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`

type MutableHistory = ConditionHistory & { segmentIds: Set<string> }

/** Consents, windows and the last message: cheap enough to be there always. */
async function loadStanding(
  { em, workspaceId, contacts }: Asked,
  contactIds: string[],
): Promise<Map<string, MutableHistory>> {
  const rows = await em.execute<StandingRow[]>(
    `select c.id, c.opted_out_at is not null as "optedOut", ${ms('c.last_seen_at')} as "lastSeenAtMs",
       (select jsonb_agg(jsonb_build_object('category', a.category, 'state', a.state)) from consents a
        where a.workspace_id = c.workspace_id and a.contact_id = c.id) as consents,
       (select jsonb_agg(jsonb_build_object('numberId', v.number_id, 'endsAtMs', ${ms('v.window_ends_at')}))
        from conversations v where v.workspace_id = c.workspace_id and v.contact_id = c.id
          and v.window_ends_at is not null) as windows
     from contacts c where c.workspace_id = ? and c.id ${ofContacts}`,
    [workspaceId, contacts],
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  return new Map(contactIds.map((contactId) => [contactId, toHistory(found.get(contactId))]))
}

interface StandingRow {
  id: string
  optedOut: boolean
  lastSeenAtMs: number | null
  consents: ConditionHistory['consents'] | null
  windows: ConditionHistory['windows'] | null
}

function toHistory(row: StandingRow | undefined): MutableHistory {
  return {
    events: [],
    segmentIds: new Set<string>(),
    runs: [],
    campaignMessages: [],
    windows: row?.windows ?? [],
    consents: row?.consents ?? [],
    optedOut: row?.optedOut ?? false,
    lastSeenAtMs: row?.lastSeenAtMs ?? undefined,
  }
}

interface EventRow {
  contact_id: string
  type: string
  at_ms: number
  attributes: PastEvent['attributes']
}

/** One more than the maximum of each contact, to see that there are too many. */
async function loadEvents(asked: Asked, needs: Needs['events']): Promise<EventRow[]> {
  const all = [...needs].map(([type, fromMs]) => ({
    type,
    from: Number.isFinite(fromMs) ? new Date(fromMs).toISOString() : '-infinity',
  }))
  const projected = all.filter(({ type }) => isSystemEvent(type) && !systemEvents[type].stored)
  const stored = all.filter((each) => !projected.includes(each))
  return [
    ...(await loadEventsOf(asked, 'events', stored)),
    ...(await loadEventsOf(asked, 'contact_events', projected)),
  ]
}

async function loadEventsOf(
  { em, workspaceId, contacts }: Asked,
  source: 'events' | 'contact_events',
  needs: { type: string; from: string }[],
): Promise<EventRow[]> {
  if (needs.length === 0) return []
  return em.execute<EventRow[]>(
    `select w.id::uuid as contact_id, e.type, ${ms('e.at')} as at_ms, e.attributes
     from jsonb_array_elements_text(?::jsonb) as w(id) cross join lateral (
       select e.type, e.at, e.attributes from ${source} e
       join jsonb_to_recordset(?::jsonb) as n(type text, "from" timestamptz) on n.type = e.type and e.at >= n."from"
       where e.workspace_id = ? and e.contact_id = w.id::uuid limit ${maximumEvents + 1}) e`,
    [contacts, JSON.stringify(needs), workspaceId],
  )
}

async function loadSegments({ em, workspaceId, contacts }: Asked, ids: Set<string>) {
  if (ids.size === 0) return []
  return em.execute<{ contact_id: string; segment_id: string }[]>(
    `select contact_id, segment_id from segment_members where workspace_id = ? and contact_id ${ofContacts}
       and segment_id ${ofContacts}`,
    [workspaceId, contacts, JSON.stringify([...ids])],
  )
}

type RunRow = Omit<PastRun, 'endedAtMs'> & { contact_id: string; endedAtMs: number | null }

async function loadRuns({ em, workspaceId, contacts }: Asked, ids: Set<string>): Promise<RunRow[]> {
  if (ids.size === 0) return []
  return em.execute<RunRow[]>(
    `select contact_id, journey_id as "journeyId", state, coalesce(goal_reached, false) as "goalReached",
       ${ms('started_at')} as "startedAtMs", ${ms('ended_at')} as "endedAtMs"
     from runs where workspace_id = ? and contact_id ${ofContacts} and journey_id ${ofContacts}`,
    [workspaceId, contacts, JSON.stringify([...ids])],
  )
}

const campaignColumns = Object.entries(campaignTimes).map(([what, at]) => `${ms(at)} as ${what}`)

type CampaignRow = { contact_id: string; campaignId: string } & Record<
  keyof typeof campaignTimes,
  number | null
>

async function loadCampaignMessages({ em, workspaceId, contacts }: Asked): Promise<CampaignRow[]> {
  return em.execute<CampaignRow[]>(
    `select m.contact_id, m.campaign_id as "campaignId", ${campaignColumns.join(', ')} from messages m
     where m.workspace_id = ? and m.contact_id ${ofContacts} and m.direction = 'out' and m.campaign_id is not null`,
    [workspaceId, contacts],
  )
}

const lastMessageStatuses = ['sent', 'delivered', 'read', 'failed', 'replied'] as const

async function loadLastMessages({ em, workspaceId, contacts }: Asked) {
  return em.execute<({ contact_id: string } & Record<(typeof lastMessageStatuses)[number], boolean>)[]>(
    `select w.id::uuid as contact_id, said.* from jsonb_array_elements_text(?::jsonb) as w(id)
     cross join lateral (${lastMessageSql('w.id::uuid')}) said`,
    [contacts, workspaceId],
  )
}

function toCampaignMessage({ contact_id: _, campaignId, ...times }: CampaignRow): CampaignMessage {
  const at = Object.fromEntries(Object.entries(times).filter(([, atMs]) => atMs !== null))
  return { campaignId, at }
}
