import type { Em } from '../db/orm.ts'
import { evaluateTriggers } from '../journeys/evaluate-triggers.ts'
import { listTriggerInterests } from '../journeys/trigger-interests.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { createdFactId } from './tell-of-contacts.ts'

/** Starts the journeys for contacts that are added by hand or by an API, once the contact is complete. */
export async function judgeManualAdd(em: Em, workspaceId: string, contactId: string): Promise<OutboxRow[]> {
  if (!(await listTriggerInterests(em, workspaceId)).has('manual-add')) return []
  const causeId = createdFactId(contactId)
  return evaluateTriggers(em, {
    workspaceId,
    contactId,
    stimulus: { type: 'manual-add' },
    entry: causeId,
    causeId,
    atMs: Date.now(),
  })
}
