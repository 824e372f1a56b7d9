import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'

/** One thing that happened (or was decided against), with what it followed from. Ids and reasons, not bodies. */
export interface Fact {
  id: string
  atMs: number
  kind: string
  contactId?: string | undefined
  runId?: string | undefined
  causeId?: string | undefined
  data: JsonObject
}

/** Written in the transaction of what they explain; writing the same fact twice is a no-op. */
export async function recordFacts(em: Em, workspaceId: string, facts: Fact[]): Promise<void> {
  if (facts.length === 0) return
  await em.execute(
    `insert into facts (id, workspace_id, at, kind, contact_id, run_id, cause_id, data)
     select f.id, ?, to_timestamp(f.at_ms / 1000.0), f.kind, f.contact_id, f.run_id, f.cause_id, f.data
     from jsonb_to_recordset(?::jsonb) as
       f(id uuid, at_ms double precision, kind text, contact_id uuid, run_id uuid, cause_id uuid, data jsonb)
     on conflict do nothing`,
    [workspaceId, JSON.stringify(facts.map(toRow))],
  )
}

function toRow(fact: Fact): JsonObject {
  return {
    id: fact.id,
    at_ms: fact.atMs,
    kind: fact.kind,
    contact_id: fact.contactId ?? null,
    run_id: fact.runId ?? null,
    cause_id: fact.causeId ?? null,
    data: fact.data,
  }
}
