import { contactName, contactPhone } from '../contacts/contact-names.ts'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { outcomeWords } from '../model/outcome-words.ts'

/** How it stands with somebody whom a run was meant for. */
export const outcomes = [
  'left-out',
  'waiting',
  'pending',
  'accepted',
  'failed',
  'skipped',
  'unknown',
] as const
export type Outcome = (typeof outcomes)[number]

/** One recipient's story, or one message's where somebody gets several. */
export interface Story {
  /** Place in the order of sending, below 0 for those left out; null where the run has no plan. */
  lane: number | null
  seq: number | null
  contactId: string
  name: string | null
  phone: string | null
  variant: string | null
  outcome: Outcome
  code: string | null
  reason: string | null
  messageId: string | null
  wamid: string | null
  attempts: number
  dueAt: string | null
  acceptedAt: string | null
  deliveredAt: string | null
  readAt: string | null
  clickedAt: string | null
  repliedAt: string | null
  failedAt: string | null
  convertedAt: string | null
  costMicros: number | null
  /** For cursors, and to find out whether a key is there twice. */
  sendKey: string | null
}

const times = ['accepted', 'delivered', 'read', 'clicked', 'replied', 'failed', 'converted']
const ofMessage = `m.id as "messageId", m.wamid, coalesce(m.attempt, 0) as attempts, m.cost_micros::float8 as "costMicros",
  m.send_key as "sendKey", ${times.map((each) => `${isoTime(`m.${each}_at`)} as "${each}At"`).join(', ')}`
const stateOf = `case when m.state in ('planned', 'inflight') then 'pending' else m.state end`

/**
 * Recipients in the order of the plan, those left out first, each with what became of it.
 * @param width messages a person gets, at most: their keys are the run, the person and, from the second on, a number
 */
export async function readRecipients(
  em: Em,
  { workspaceId, runId, width }: { workspaceId: string; runId: string; width: number },
  after: { lane: number; seq: number },
  limit: number,
  condition = 'true',
): Promise<Story[]> {
  const keys = [
    `'campaign/' || r.run_id || '/' || r.contact_id`,
    ...Array.from(
      { length: width - 1 },
      (_, at) => `'campaign/' || r.run_id || '/' || r.contact_id || '/${at + 2}'`,
    ),
  ]
  const rows = await em.execute<Story[]>(
    `select r.lane, r.seq, r.contact_id as "contactId", ${contactName} as name, ${contactPhone} as phone,
       coalesce(m.variant, r.variant) as variant,
       case when r.skipped is not null then 'left-out' when m.id is not null then ${stateOf}
         when r.seq > l.cursor then 'waiting' else 'skipped' end as outcome,
       coalesce(r.skipped, m.reason_code, case when m.id is null and r.seq <= l.cursor then 'contact_gone' end) as code, coalesce(r.skip_reason, m.reason) as reason,
       ${isoTime('coalesce(m.due_at, r.due_at)')} as "dueAt", ${ofMessage}
     from (select * from campaign_recipients p where workspace_id = ? and run_id = ? and lane >= 0 and (lane, seq) > (?, ?)
       and ${condition} order by lane, seq limit ?) r
     join campaign_lanes l on l.run_id = r.run_id and l.lane = r.lane
     left join contacts c on c.id = r.contact_id
     left join messages m on m.workspace_id = r.workspace_id and m.send_key in (${keys.join(', ')}) and r.skipped is null
     order by r.lane, r.seq, m.send_key`,
    [workspaceId, runId, after.lane, after.seq, limit],
  )
  return rows.map(inWords)
}

/** Messages in the order in which they came into the ledger, of runs that have no plan. */
export async function readMessages(
  em: Em,
  { workspaceId, runId }: { workspaceId: string; runId: string },
  after: string,
  limit: number,
  condition = 'true',
): Promise<Story[]> {
  const rows = await em.execute<Story[]>(
    `select r.lane, r.seq, m.contact_id as "contactId", ${contactName} as name, ${contactPhone} as phone, m.variant,
       ${stateOf} as outcome, m.reason_code as code, m.reason, ${isoTime('coalesce(m.due_at, r.due_at)')} as "dueAt", ${ofMessage}
     from messages m left join contacts c on c.id = m.contact_id
     left join campaign_recipients r on r.run_id = m.campaign_run_id and r.contact_id = m.contact_id and r.lane >= 0
     where m.workspace_id = ? and m.campaign_run_id = ? and m.id > ? and ${condition} order by m.id limit ?`,
    [workspaceId, runId, after, limit],
  )
  return rows.map(inWords)
}

/** What WhatsApp said an earlier time is no word on a message that it took after all. */
function inWords(story: Story): Story {
  const { outcome, code, reason } = story
  if (outcome === 'accepted') return { ...story, code: null, reason: null }
  return { ...story, reason: reason ?? (code === null ? null : (outcomeWords(code) ?? null)) }
}
