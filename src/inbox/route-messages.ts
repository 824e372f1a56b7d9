import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { evaluateTriggers } from '../journeys/evaluate-triggers.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

interface RoutedRow {
  id: string
  number_id: string
  contact_id: string
  text: string
  fact_id: string
  at_ms: number
}

/**
 * Decides what happens with messages that nobody awaits, one turn at a time: keyword triggers now; intents and assignment
 * rules follow here. A STOP starts nothing. Safe to repeat: a message's runs are entered under its id, its verdict is one
 * fact.
 */
export async function routeMessages(
  deps: Deps,
  input: { workspaceId: string; messageIds: string[] },
): Promise<{ started: number }> {
  const em = forkFor(deps.orm, input.workspaceId)
  const rows = await em.execute<RoutedRow[]>(
    `select id, number_id, contact_id, text, fact_id, extract(epoch from created_at)::float8 * 1000 + 1 as at_ms
     from messages m where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and not exists (select 1 from consent_messages c where c.message_id = m.id and not c.routed) order by id`,
    [input.workspaceId, JSON.stringify(input.messageIds)],
  )
  const outbox: OutboxRow[] = []
  for (const row of rows) {
    const trigger = {
      workspaceId: input.workspaceId,
      numberId: row.number_id,
      contactId: row.contact_id,
      stimulus: { type: 'user-utterance' as const, text: row.text },
      entry: row.id,
      causeId: row.fact_id,
      atMs: Math.round(row.at_ms),
    }
    outbox.push(...(await em.transactional((tx) => evaluateTriggers(tx, trigger))))
  }
  relaySoon(deps, outbox)
  return { started: outbox.length }
}
