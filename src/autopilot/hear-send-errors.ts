import { recordFacts } from '../analytics/facts.ts'
import { recordStatements } from '../consent/record-consent.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { actionFor, type AutopilotAction, type AutopilotPolicy } from '../model/autopilot.ts'
import { durationMs } from '../model/schedule.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { requestSync } from '../templates/sync-templates.ts'
import { lockStops, placeStop, type StopScope } from './stops.ts'

/** WhatsApp refused a message, in its answer or by a status. */
export interface SendError {
  messageId: string
  contactId: string
  /** What the message follows from. */
  factId: string
  code: string
  reason: string
  /** The template's name, of a template message. */
  template?: string | undefined
}
interface Sender {
  workspaceId: string
  numberId: string
  wabaId: string
}

/** A paused template comes back after three or six hours by itself; then we try again even when nobody told us. */
const templatePauseMs = 6 * 3_600_000

/**
 * What refusals mean for the number, the template and the person, by the number's policy; what becomes of the message itself
 * says `fateOf`. In the transaction that writes them down; hearing the same again changes nothing. Nothing is asked of the
 * database when the policy has nothing to do. Returns what Temporal must be told after the commit.
 */
export async function hearSendErrors(
  em: Em,
  sender: Sender,
  policy: AutopilotPolicy,
  errors: SendError[],
): Promise<OutboxRow[]> {
  const outbox: OutboxRow[] = []
  const byCode = Map.groupBy(errors, ({ code }) => code)
  for (const [code, same] of byCode) {
    const action = actionFor(policy, code)
    const [first] = same
    if (!action || !first) continue
    outbox.push(...(await act(em, sender, action, { code, first, same })))
  }
  return outbox
}

interface Heard {
  code: string
  first: SendError
  same: SendError[]
}

async function act(
  em: Em,
  sender: Sender,
  action: AutopilotAction,
  { code, first, same }: Heard,
): Promise<OutboxRow[]> {
  const { workspaceId, numberId } = sender
  const stop = { workspaceId, numberId, code, by: 'autopilot', causeId: first.factId }
  const reason = `WhatsApp said ${code}: ${first.reason}`
  switch (action.do) {
    case 'slow-down':
      await placeStop(em, {
        ...{ ...stop, scope: 'pace', reason },
        ...{ factor: action.factor, forMs: durationMs(action.for) },
      })
      return []
    case 'stop':
      if (await wasLifted(em, sender, 'campaigns', same)) return []
      await placeStop(em, {
        ...{ ...stop, scope: 'campaigns', reason },
        ...{ forMs: action.for && durationMs(action.for) },
      })
      return []
    case 'pause-template':
      for (const template of new Set(same.flatMap((each) => each.template ?? [])))
        if (!(await wasLifted(em, sender, 'template', same, template)))
          await placeStop(em, { ...stop, scope: 'template', template, reason, forMs: templatePauseMs })
      await requestSync(em, sender)
      return []
    case 'opt-out':
      return optOut(em, workspaceId, same)
    case 'mark-unreachable':
      await markUnreachable(em, workspaceId, same)
      return []
    case 'try-again':
    case 'fail':
      return []
  }
}

/** Somebody lifted the stop after all of these were sent off: what comes late speaks of what is over. */
async function wasLifted(
  em: Em,
  { workspaceId, numberId }: Sender,
  scope: StopScope,
  errors: SendError[],
  template?: string,
): Promise<boolean> {
  await lockStops(em, numberId)
  const [row] = await em.execute<{ lifted: boolean }[]>(
    `select coalesce((select max(m.inflight_at) from messages m where m.workspace_id = ?
         and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)) <
       (select max(s.lifted_at) from number_stops s where s.workspace_id = ? and s.number_id = ? and s.scope = ?
         and s.template is not distinct from ?), false) as lifted`,
    [
      ...[workspaceId, JSON.stringify(errors.map(({ messageId }) => messageId))],
      ...[workspaceId, numberId, scope, template ?? null],
    ],
  )
  return row?.lifted === true
}

async function optOut(em: Em, workspaceId: string, errors: SendError[]): Promise<OutboxRow[]> {
  const atMs = Date.now()
  const statements = errors.map(({ contactId, messageId, reason: text }) => ({
    ...{ contactId, category: 'marketing' as const, state: 'opted_out' as const },
    ...{ source: 'whatsapp', by: 'whatsapp', text, atMs, messageId },
    // The same as that of a status which says so: together they are one statement.
    causeId: derivedId(messageId, 'stopped marketing'),
  }))
  return (await recordStatements(em, workspaceId, statements)).outbox
}

/** Of the address by which the person was written to: another one of theirs may do. */
async function markUnreachable(em: Em, workspaceId: string, errors: SendError[]): Promise<void> {
  const marked = await em.execute<
    { contact_id: string; message_id: string; fact_id: string; code: string }[]
  >(
    `update identities i set unreachable_at = now(), unreachable_code = n.code
     from jsonb_to_recordset(?::jsonb) as n(contact_id uuid, message_id uuid, fact_id uuid, code text)
     where i.workspace_id = ? and i.contact_id = n.contact_id and i.kind = case when n.code = '131062' then 'bsuid' else 'wa_id' end
       and i.valid_to is null and (i.unreachable_at is null or i.unreachable_at < now() - interval '1 hour')
     returning i.contact_id, n.message_id, n.fact_id, n.code`,
    [
      JSON.stringify(
        errors.map(({ contactId, messageId, factId, code }) => ({
          ...{ contact_id: contactId, message_id: messageId, fact_id: factId, code },
        })),
      ),
      workspaceId,
    ],
  )
  await recordFacts(
    em,
    workspaceId,
    marked.map(({ contact_id: contactId, message_id: message, fact_id: causeId, code }) => ({
      ...{ id: derivedId(message, 'unreachable', code), atMs: Date.now(), kind: 'identity.unreachable' },
      ...{ contactId, causeId, data: { message, code } },
    })),
  )
}

/**
 * SQL that is true of an address `i` of a contact `c` which WhatsApp does not reach: until its owner writes, and not for
 * longer than a month, since people install WhatsApp.
 */
export const isUnreachable = `(i.unreachable_at > coalesce(c.last_seen_at, '-infinity')
  and i.unreachable_at > now() - interval '30 days')`
