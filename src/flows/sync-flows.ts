import { downloadFlowJson, listFlows, type MetaFlow } from '../../integrations/whatsapp/flows.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { accessOf, workspaceNumber } from './flow-access.ts'

/** Takes over every Flow of a number's account: new ones appear here, those that are gone there go here. */
export async function syncFlows(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
): Promise<{ found: number; added: number; removed: number }> {
  const number = await workspaceNumber(deps, workspaceId, numberId)
  const access = accessOf(deps, number)
  const em = forkFor(deps.orm, workspaceId)
  const ids: string[] = []
  let added = 0
  for await (const page of listFlows(access, number.wabaId)) {
    ids.push(...page.map(({ id }) => id))
    for (const id of await takeOver(em, workspaceId, number.wabaId, page)) {
      added += 1
      const json = await downloadFlowJson(access, id)
      if (json === undefined) continue
      await em.execute('update flows set json = ? where workspace_id = ? and meta_id = ?', [
        json,
        workspaceId,
        id,
      ])
    }
  }
  const gone = await em.execute<object[]>(
    `update flows set deleted_at = now() where workspace_id = ? and waba_id = ? and deleted_at is null
       and created_at < now() - interval '1 minute'
       and meta_id not in (select jsonb_array_elements_text(?::jsonb)) returning id`,
    [workspaceId, number.wabaId, JSON.stringify(ids)],
  )
  return { found: ids.length, added, removed: gone.length }
}

/** Meta's ids of those that were not here. */
async function takeOver(em: Em, workspaceId: string, wabaId: string, flows: MetaFlow[]): Promise<string[]> {
  const rows = flows.map((flow) => ({
    id: newId(),
    meta_id: flow.id,
    name: flow.name ?? flow.id,
    status: flow.status ?? 'DRAFT',
    categories: flow.categories ?? [],
    errors: flow.validation_errors ?? [],
    endpoint_uri: flow.endpoint_uri ?? null,
    health: flow.health_status ?? null,
  }))
  const made = await em.execute<{ meta_id: string; is_new: boolean }[]>(
    `insert into flows (id, workspace_id, waba_id, meta_id, name, status, categories, validation_errors, endpoint_uri, health,
       synced_at)
     select n.id, ?, ?, n.meta_id, n.name, n.status, array(select jsonb_array_elements_text(n.categories)), n.errors,
       n.endpoint_uri, n.health, now()
     from jsonb_to_recordset(?::jsonb) as n(id uuid, meta_id text, name text, status text, categories jsonb, errors jsonb,
       endpoint_uri text, health jsonb)
     on conflict (workspace_id, meta_id) do update set name = excluded.name, status = excluded.status, status_at = excluded.status_at,
       categories = excluded.categories, validation_errors = excluded.validation_errors,
       endpoint_uri = excluded.endpoint_uri, health = excluded.health, synced_at = now(), deleted_at = null
     returning meta_id, xmax = 0 as is_new`,
    [workspaceId, wabaId, JSON.stringify(rows)],
  )
  return made.filter((row) => row.is_new).map((row) => row.meta_id)
}
