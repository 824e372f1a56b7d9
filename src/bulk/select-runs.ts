import { joined, sql, type Fragment } from '../segments/fragment.ts'
import type { Selection } from './bulk-schema.ts'

/** The condition on `runs r` that a selection is. @param states those that it is for, where it names none. */
export function selectRuns(workspaceId: string, selection: Selection, states: readonly string[]): Fragment {
  const { journeyId, versionId, cardId, errorCode, heldBy, contactId, runIds } = selection
  const parts = [
    sql`r.workspace_id = ${workspaceId}`,
    sql`r.state in (select jsonb_array_elements_text(${JSON.stringify(selection.states ?? states)}::jsonb))`,
  ]
  if (journeyId) parts.push(sql`r.journey_id = ${journeyId}`)
  if (versionId) parts.push(sql`r.version_id = ${versionId}`)
  if (cardId) parts.push(sql`r.card_id = ${cardId}`)
  if (errorCode) parts.push(sql`r.error_code = ${errorCode}`)
  if (heldBy) parts.push(sql`r.held_by = ${heldBy}`)
  if (contactId) parts.push(sql`r.contact_id = ${contactId}`)
  if (runIds)
    parts.push(sql`r.id in (select jsonb_array_elements_text(${JSON.stringify(runIds)}::jsonb)::uuid)`)
  return joined(parts, ' and ')
}
