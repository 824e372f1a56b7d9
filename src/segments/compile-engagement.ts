import { before, type Period } from '../model/condition-period.ts'
import type { Leaf } from '../model/condition-schema.ts'
import { eventWindow, type Condition, type EventCondition } from '../model/conditions.ts'
import { isSystemEvent, systemEvents } from '../model/system-events.ts'
import { always, instantSql, joined, negated, sql, type Fragment } from './fragment.ts'

/** When each thing happened to a message `m` of a campaign. */
export const campaignTimes: Record<Leaf<'campaign'>['what'], string> = {
  sent: 'coalesce(m.sent_at, m.accepted_at)',
  delivered: 'coalesce(m.delivered_at, m.read_at)',
  read: 'm.read_at',
  failed: 'm.failed_at',
  // What quotes the message, and what comes within a day: few people quote what they answer. By our own clock, since
  // WhatsApp tells whole seconds: what made us send would else come after it.
  replied: `(select max(r.created_at) from messages r where r.contact_id = m.contact_id and r.direction = 'in'
    and r.created_at > coalesce(m.accepted_at, m.sent_at) and (r.context_wamid = m.wamid
      or r.created_at <= coalesce(m.accepted_at, m.sent_at) + interval '24 hours'))`,
  clicked: `(select max(r.created_at) from messages r where r.contact_id = m.contact_id and r.direction = 'in'
    and r.context_wamid = m.wamid and (r.type = 'button' or r.type = 'interactive'
      and r.content #>> '{interactive,type}' in ('button_reply', 'list_reply')))`,
}

/** What has become of a message `m`. */
const messageStatuses: Record<Leaf<'last-message'>['status'], string> = {
  sent: 'coalesce(m.sent_at, m.accepted_at, m.delivered_at, m.read_at) is not null',
  delivered: 'coalesce(m.delivered_at, m.read_at) is not null',
  read: 'm.read_at is not null',
  failed: 'm.failed_at is not null and coalesce(m.delivered_at, m.read_at) is null',
  replied: `exists (select 1 from messages r where r.contact_id = m.contact_id and r.direction = 'in'
    and r.created_at > m.created_at)`,
}

/** A row `said` of the newest message that was sent off to a contact, with what has become of it. */
export function lastMessageSql(contact: string): string {
  const columns = Object.entries(messageStatuses).map(([status, sql]) => `(${sql}) as ${status}`)
  return `select ${columns.join(', ')} from messages m where m.workspace_id = ?::uuid and m.contact_id = ${contact}
    and m.direction = 'out' and m.state in ('inflight', 'accepted', 'failed', 'unknown')
    order by m.created_at desc, m.id desc limit 1`
}

export function compileLastMessage({ status, is }: Leaf<'last-message'>, workspaceId: string): Fragment {
  const message: Fragment = { sql: lastMessageSql('c.id'), params: [workspaceId] }
  const which: Fragment = { sql: `said.${status}`, params: [] }
  const holds = sql`exists (select 1 from (${message}) as said where ${which})`
  return is ? holds : negated(holds)
}

export function compileCampaign(leaf: Leaf<'campaign'>, workspaceId: string, nowMs: number): Fragment {
  const at: Fragment = { sql: campaignTimes[leaf.what], params: [] }
  const which =
    leaf.campaignId === undefined
      ? sql`m.campaign_id is not null`
      : sql`m.campaign_id = ${leaf.campaignId}::uuid`
  return sql`exists (select 1 from messages m where m.workspace_id = ${workspaceId}::uuid and m.contact_id = c.id
    and m.direction = 'out' and ${which} and ${since(at, leaf.within, nowMs)})`
}

/** When a run `r` was what is asked; null when it was not. */
const runTimes: Record<Leaf<'journey'>['what'], string> = {
  entered: 'r.started_at',
  active: 'case when r.ended_at is null then r.started_at end',
  completed: `case when r.state = 'completed' then r.ended_at end`,
  exited: `case when r.state in ('exited', 'cancelled') then r.ended_at end`,
  failed: `case when r.state = 'failed' then r.ended_at end`,
  'goal-reached': 'case when r.goal_reached then coalesce(r.ended_at, r.started_at) end',
}

export function compileJourney(leaf: Leaf<'journey'>, workspaceId: string, nowMs: number): Fragment {
  const at: Fragment = { sql: runTimes[leaf.what], params: [] }
  return sql`exists (select 1 from runs r where r.workspace_id = ${workspaceId}::uuid and r.contact_id = c.id
    and r.journey_id = ${leaf.journeyId}::uuid and ${since(at, leaf.within, nowMs)})`
}

function since(at: Fragment, within: Period | undefined, nowMs: number): Fragment {
  return within ? sql`${at} >= ${instantSql(before(nowMs, within))}` : sql`${at} is not null`
}

export interface EventContext {
  workspaceId: string
  nowMs: number
  /** The caller looks at few contacts: count each one's events instead of everybody's. */
  few: boolean
  /** Compiles `where` over the events `e`. */
  where: (condition: Condition) => Fragment
}

export function compileEvent(condition: EventCondition, context: EventContext): Fragment {
  const { operator, times } = condition.count ?? { operator: 'at-least', times: 1 }
  const matching = matchingEvents(condition, context)
  const atLeast = (least: number) => happened(matching, sql`>= ${least}::int`, least, context.few)
  const holds = (): Fragment => {
    if (operator === 'at-least') return atLeast(times)
    if (operator === 'at-most') return negated(atLeast(times + 1))
    return times === 0 ? negated(atLeast(1)) : happened(matching, sql`= ${times}::int`, times, context.few)
  }
  return condition.performed ? holds() : negated(holds())
}

function matchingEvents(condition: EventCondition, { workspaceId, nowMs, where }: EventContext): Fragment {
  const { event } = condition
  const isProjected = isSystemEvent(event) && !systemEvents[event].stored
  const [fromMs, endMs] = eventWindow(condition, nowMs)
  const limits = [
    sql`e.workspace_id = ${workspaceId}::uuid`,
    sql`e.type = ${event}::text`,
    ...(Number.isFinite(fromMs) ? [sql`e.at >= ${instantSql(fromMs)}`] : []),
    ...(Number.isFinite(endMs) ? [sql`e.at < ${instantSql(endMs)}`] : []),
    ...(condition.where ? [sql`(${where(condition.where)})`] : []),
  ]
  const source: Fragment = { sql: isProjected ? 'contact_events' : 'events', params: [] }
  return sql`${source} e where ${joined(limits, ' and ')}`
}

/**
 * Over all contacts, counts are made once and joined; for few, each contact's events are looked up by the index. PostgreSQL
 * turns `exists` over plain rows into whichever is better, but cannot look into a grouping from outside.
 */
function happened(matching: Fragment, times: Fragment, least: number, few: boolean): Fragment {
  if (least === 0) return always
  if (few) return sql`(select count(*) from ${matching} and e.contact_id = c.id) ${times}`
  if (least === 1 && times.sql.startsWith('>=')) {
    return sql`exists (select 1 from ${matching} and e.contact_id = c.id)`
  }
  return sql`exists (select 1 from (select e.contact_id from ${matching} group by e.contact_id
    having count(*) ${times}) as often where often.contact_id = c.id)`
}
