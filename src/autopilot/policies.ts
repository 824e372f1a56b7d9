import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { autopilotPolicySchema, defaultPolicy, type AutopilotPolicy } from '../model/autopilot.ts'

/** What the autopilot of a number goes by: its own table, or the one that every number begins with. */
export async function loadPolicy(em: Em, workspaceId: string, numberId: string): Promise<AutopilotPolicy> {
  const [row] = await em.execute<{ policy: unknown }[]>(
    'select policy from autopilot_policies where workspace_id = ? and number_id = ?',
    [workspaceId, numberId],
  )
  return row ? autopilotPolicySchema.parse(row.policy) : defaultPolicy
}

/** Call in a transaction. @param policy null: as every number begins */
export async function savePolicy(
  em: Em,
  { workspaceId, numberId, by }: { workspaceId: string; numberId: string; by: string },
  policy: AutopilotPolicy | null,
): Promise<void> {
  if (policy)
    await em.execute(
      `insert into autopilot_policies (number_id, workspace_id, policy, by) values (?, ?, ?::jsonb, ?)
       on conflict (number_id) do update set policy = excluded.policy, by = excluded.by, updated_at = now()`,
      [numberId, workspaceId, JSON.stringify(policy), by],
    )
  else
    await em.execute('delete from autopilot_policies where workspace_id = ? and number_id = ?', [
      ...[workspaceId, numberId],
    ])
  const data = { number: numberId, by, own: policy !== null }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'autopilot.changed', data }])
}
