import { hearRefusedSend } from '../../consent/hear-refusals.ts'
import { forkFor, type Em } from '../../db/orm.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import { holdPair } from '../../inbox/plan-send.ts'
import { applyStoredStatuses, lockWamids } from '../../inbox/receive-statuses.ts'
import { slowDown } from '../../inbox/send-rate.ts'
import type { OutboxRow } from '../../outbox/outbox.ts'
import { relaySoon } from '../../outbox/relay.ts'
import { countedRows, countingMessages } from '../../reports/count-messages.ts'
import type { Lane } from './lane.ts'
import type { Outcome } from './post-message.ts'

/** A number that WhatsApp refuses as a whole is asked again after this, while nobody has stopped it. */
const numberWideMs = 30_000

/** Writes what became of messages, those of one moment by a few statements. */
export async function writeBack(deps: SendDeps, lane: Lane, outcomes: Outcome[]): Promise<void> {
  const em = forkFor(deps.orm, lane.workspaceId)
  await markAccepted(em, lane, outcomes)
  const others = outcomes.filter(({ kind }) => kind !== 'accepted')
  if (others.length === 0) return
  const slowed = Math.max(0, ...others.map((each) => (each.kind === 'again' && each.holds === 'number' ? each.afterMs : 0)))
  if (slowed > 0) await slowDown(deps.orm, lane.number.id, slowed)
  const outbox = await em.transactional(async (tx) => {
    const rows = await Promise.all(others.map((each) => toRow(tx, each)))
    await markOthers(tx, lane, rows)
    return hearRefusals(tx, lane, others)
  })
  relaySoon(deps, outbox)
}

/** Statuses may have been faster: they left the wamid, or only the wamid leads to them. */
async function markAccepted(em: Em, lane: Lane, outcomes: Outcome[]): Promise<void> {
  const accepted = outcomes.flatMap((each) =>
    each.kind === 'accepted' ? [{ id: each.message.id, wamid: each.wamid }] : [],
  )
  if (accepted.length === 0) return
  await em.transactional(async (tx) => {
    await lockWamids(tx, accepted.map(({ wamid }) => wamid).sort())
    const told = await tx.execute<{ id: string; wamid: string }[]>(
      `with accepted as (
         update messages m set wamid = n.wamid, accepted_at = coalesce(m.accepted_at, now()), due_at = null,
           state = case when m.state in ('inflight', 'unknown', 'planned') then 'accepted' else m.state end,
           status = coalesce(m.status, 'accepted')
         from jsonb_to_recordset(?::jsonb) as n(id uuid, wamid text) where m.id = n.id and m.workspace_id = ?
         returning m.id, m.wamid, ${countedRows}),
       counted as (${countingMessages('accepted')})
       select a.id, a.wamid from accepted a where exists
         (select 1 from message_statuses s where s.wamid = a.wamid and s.number_id = ? and s.message_id is null)`,
      [JSON.stringify(accepted), lane.workspaceId, lane.number.id],
    )
    for (const { id, wamid } of told) await applyStoredStatuses(tx, id, lane.number.id, wamid)
  })
}

interface SettledRow {
  id: string
  state: 'planned' | 'failed' | 'skipped' | 'inflight'
  code: string | null
  reason: string
  after_ms: number | null
}

async function toRow(em: Em, outcome: Outcome): Promise<SettledRow> {
  const { id, attempt } = outcome.message
  switch (outcome.kind) {
    case 'accepted':
    case 'unsure':
      return { id, state: 'inflight', code: null, reason: 'reason' in outcome ? outcome.reason : '', after_ms: null }
    case 'again': {
      const { holds, afterMs, code, reason } = outcome
      const pairMs = holds === 'pair' ? await holdPair(em, outcome.person.conversationId, attempt) : 0
      return { id, state: 'planned', code, reason, after_ms: Math.max(afterMs, pairMs) }
    }
    case 'failed': {
      const { code, reason, isNumberWide } = outcome
      // Nothing is wrong with this recipient: the message waits until the number may send again.
      if (isNumberWide) return { id, state: 'planned', code, reason, after_ms: numberWideMs }
      return { id, state: 'failed', code, reason, after_ms: null }
    }
    case 'skipped':
      return { id, state: 'skipped', code: outcome.code, reason: outcome.reason, after_ms: null }
  }
}

async function markOthers(em: Em, { workspaceId, runId, definition }: Lane, rows: SettledRow[]): Promise<void> {
  const [refund] = await em.execute<{ micros: number | null }[]>(
    `with settled as (
       update messages m set state = n.state, reason_code = n.code, reason = n.reason,
         failed_at = case when n.state = 'failed' then now() end,
         due_at = now() + n.after_ms * interval '1 millisecond',
         cost_micros = case when n.state = 'inflight' then m.cost_micros end
       from jsonb_to_recordset(?::jsonb) as n(id uuid, state text, code text, reason text, after_ms float8)
       where m.id = n.id and m.workspace_id = ? and m.state = 'inflight'
       returning old.cost_micros as micros, n.state, ${countedRows}),
     counted as (${countingMessages('settled')})
     select sum(micros)::float8 as micros from settled where state <> 'inflight'`,
    [JSON.stringify(rows), workspaceId],
  )
  if (!definition.budget || !refund?.micros) return
  await em.execute('update campaign_runs set spent_micros = spent_micros - ? where id = ? and workspace_id = ?', [
    refund.micros,
    runId,
    workspaceId,
  ])
}

async function hearRefusals(em: Em, { workspaceId }: Lane, outcomes: Outcome[]): Promise<OutboxRow[]> {
  const outbox: OutboxRow[] = []
  for (const each of outcomes) {
    if (each.kind !== 'failed') continue
    const { message, person, code, reason } = each
    outbox.push(
      ...(await hearRefusedSend(em, { workspaceId, contactId: person.contactId, messageId: message.id, code, reason })),
    )
  }
  return outbox
}
