import { hearSendErrors } from '../../autopilot/hear-send-errors.ts'
import { forkFor, type Em } from '../../db/orm.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import { holdPair } from '../../inbox/plan-send.ts'
import { applyStoredStatuses, lockWamids } from '../../inbox/receive-statuses.ts'
import { slowDown } from '../../inbox/send-rate.ts'
import type { OutboxRow } from '../../outbox/outbox.ts'
import { relaySoon } from '../../outbox/relay.ts'
import { ofWorkspace } from './by-id.ts'
import { countedRows, countingMessages } from '../../reports/count-messages.ts'
import type { Lane } from './lane.ts'
import { judgeSendError } from '../../model/send-policy.ts'
import type { Outcome } from './post-message.ts'

/** Writes what became of messages, those of one moment by a few statements. */
export async function writeBack(deps: SendDeps, lane: Lane, outcomes: Outcome[]): Promise<void> {
  const em = forkFor(deps.orm, lane.workspaceId)
  await markAccepted(em, lane, outcomes)
  const others = outcomes.filter(({ kind }) => kind !== 'accepted')
  if (others.length === 0) return
  const slowed = Math.max(0, ...others.map((each) => (isTooFast(each) ? each.afterMs : 0)))
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
         from jsonb_to_recordset(?::jsonb) as n(id uuid, wamid text) where m.id = n.id and ${ofWorkspace}
         returning m.id, m.wamid, ${countedRows}),
       ${countingMessages('accepted')}
       select a.id, a.wamid from accepted a where exists
         (select 1 from message_statuses s where s.wamid = a.wamid and s.number_id = ? and s.message_id is null)`,
      [JSON.stringify(accepted), lane.workspaceId, lane.number.id],
    )
    for (const { id, wamid } of told) await applyStoredStatuses(tx, id, lane.number.id, wamid)
  })
}

const pairCode = '131056'

function isTooFast(outcome: Outcome): outcome is Extract<Outcome, { kind: 'again' }> {
  if (outcome.kind !== 'again' || outcome.code === null) return false
  return judgeSendError(429, Number(outcome.code)).action === 'retry-number'
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
      return {
        id,
        state: 'inflight',
        code: null,
        reason: 'reason' in outcome ? outcome.reason : '',
        after_ms: null,
      }
    case 'again': {
      const { code, reason, afterMs } = outcome
      if (code === pairCode) await holdPair(em, outcome.person.conversationId, attempt)
      return { id, state: 'planned', code, reason, after_ms: afterMs }
    }
    case 'failed':
      return { id, state: 'failed', code: outcome.code, reason: outcome.reason, after_ms: null }
    case 'skipped':
      return { id, state: 'skipped', code: outcome.code, reason: outcome.reason, after_ms: null }
  }
}

async function markOthers(
  em: Em,
  { workspaceId, runId, definition }: Lane,
  rows: SettledRow[],
): Promise<void> {
  const [refund] = await em.execute<{ micros: number | null }[]>(
    `with settled as (
       update messages m set state = n.state, reason_code = n.code, reason = n.reason,
         failed_at = case when n.state = 'failed' then now() end,
         due_at = now() + n.after_ms * interval '1 millisecond',
         cost_micros = case when n.state = 'inflight' then m.cost_micros end
       from jsonb_to_recordset(?::jsonb) as n(id uuid, state text, code text, reason text, after_ms float8)
       where m.id = n.id and ${ofWorkspace} and m.state = 'inflight'
       returning old.cost_micros as micros, n.state, ${countedRows}),
     ${countingMessages('settled')}
     select sum(micros)::float8 as micros from settled where state <> 'inflight'`,
    [JSON.stringify(rows), workspaceId],
  )
  if (!definition.budget || !refund?.micros) return
  await em.execute(
    'update campaign_runs set spent_micros = spent_micros - ? where id = ? and workspace_id = ?',
    [refund.micros, runId, workspaceId],
  )
}

/** The number's autopilot makes of them what its policy says. */
async function hearRefusals(
  em: Em,
  { workspaceId, number, factId, policy }: Lane,
  outcomes: Outcome[],
): Promise<OutboxRow[]> {
  const errors = outcomes.flatMap((each) => {
    if ((each.kind !== 'failed' && each.kind !== 'again') || each.code === null) return []
    const { content, id: messageId } = each.message
    const template = content.type === 'template' ? content.template.name : undefined
    const { contactId } = each.person
    return [{ messageId, contactId, factId, code: each.code, reason: each.said, template }]
  })
  const { id: numberId, wabaId } = number
  return errors.length > 0 ? hearSendErrors(em, { workspaceId, numberId, wabaId }, policy, errors) : []
}
