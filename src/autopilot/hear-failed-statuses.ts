import type { InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import type { Em } from '../db/orm.ts'
import { actionFor, type AutopilotPolicy } from '../model/autopilot.ts'
import { messageIdOf } from '../model/message-status.ts'
import { durationMs } from '../model/schedule.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { hearSendErrors } from './hear-send-errors.ts'
import { loadPolicy } from './policies.ts'
import { wake } from './stop-runs.ts'

interface FailedRow {
  id: string
  contact_id: string
  fact_id: string
  template: string | null
  code: string
  reason: string
  is_of_campaign: boolean
}

/** WhatsApp took a message and says later that it failed: the autopilot hears of it as of a refusal. */
export async function hearFailedStatuses(
  em: Em,
  number: NumberAccess,
  statuses: InboundStatus[],
): Promise<OutboxRow[]> {
  const failed = statuses.filter(({ status, error }) => status === 'failed' && error)
  if (failed.length === 0) return []
  const { workspaceId, id: numberId, wabaId } = number
  const policy = await loadPolicy(em, workspaceId, numberId)
  const heard = failed.filter(({ error }) => actionFor(policy, error?.code))
  if (heard.length === 0) return []
  return em.transactional(async (tx) => {
    const rows = await tx.execute<FailedRow[]>(
      `select m.id, m.contact_id, m.fact_id, m.content #>> '{template,name}' as template, n.code, n.reason,
         m.campaign_run_id is not null as is_of_campaign
       from jsonb_to_recordset(?::jsonb) as n(callback uuid, wamid text, code text, reason text)
       join messages m on m.workspace_id = ? and m.direction = 'out' and (m.id = n.callback or m.number_id = ? and m.wamid = n.wamid)
       where m.state = 'failed' order by m.id`,
      [JSON.stringify(heard.map(toRow)), workspaceId, numberId],
    )
    const errors = rows.map(({ id: messageId, contact_id, fact_id, template, code, reason }) => ({
      ...{ messageId, contactId: contact_id, factId: fact_id, template: template ?? undefined, code, reason },
    }))
    const told = await hearSendErrors(tx, { workspaceId, numberId, wabaId }, policy, errors)
    const again = await tryAgain(
      tx,
      workspaceId,
      policy,
      rows.filter((row) => row.is_of_campaign),
    )
    return [...told, ...again]
  })
}

function toRow({ callbackData, wamid, error }: InboundStatus) {
  return { callback: messageIdOf(callbackData), wamid, code: error?.code ?? '', reason: error?.reason ?? '' }
}

/**
 * Messages of campaigns that may be sent once more later: planned, due after a while from when they failed, so that a status
 * which comes twice says the same. A run that was through already settles them still.
 */
async function tryAgain(
  em: Em,
  workspaceId: string,
  policy: AutopilotPolicy,
  rows: FailedRow[],
): Promise<OutboxRow[]> {
  const wanted = rows.flatMap(({ id, code }) => {
    const action = actionFor(policy, code)
    return action?.do === 'try-again'
      ? [{ id, after_ms: durationMs(action.after), attempts: action.attempts }]
      : []
  })
  if (wanted.length === 0) return []
  const moved = await em.execute<{ campaign_run_id: string }[]>(
    `with again as (
       update messages m set state = 'planned', status = null,
         due_at = coalesce(m.failed_at, now()) + n.after_ms * m.attempt * interval '1 millisecond'
       from jsonb_to_recordset(?::jsonb) as n(id uuid, after_ms float8, attempts int), campaign_runs r
       where m.id = n.id and m.workspace_id = ? and m.state = 'failed' and m.attempt <= n.attempts
         and r.id = m.campaign_run_id and r.state in ('sending', 'paused', 'stopped', 'settling', 'completed')
       returning m.campaign_run_id, ${countedRows}),
     ${countingMessages('again')}
     select distinct campaign_run_id from again`,
    [JSON.stringify(wanted), workspaceId],
  )
  if (moved.length === 0) return []
  const reopened = await em.execute<{ id: string; workflow_id: string }[]>(
    `update campaign_runs set state = 'settling', ended_at = null, updated_at = now()
     where workspace_id = ? and state = 'completed' and id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     returning id, workflow_id`,
    [workspaceId, JSON.stringify(moved.map(({ campaign_run_id }) => campaign_run_id))],
  )
  return wake(em, workspaceId, reopened)
}
