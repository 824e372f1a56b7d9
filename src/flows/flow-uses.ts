import type { Em } from '../db/orm.ts'

/** What opens a Flow for customers. */
export interface FlowUse {
  kind: 'block' | 'template'
  id: string
  name: string
}

/** Blocks and templates that name a Flow, by its id or its name. */
export async function listFlowUses(em: Em, workspaceId: string, flowId: string): Promise<FlowUse[]> {
  return em.execute<FlowUse[]>(
    `with flow as (select meta_id, name from flows where id = ? and workspace_id = ?)
     select 'block' as kind, b.id, b.name from blocks b, flow f
     where b.workspace_id = ? and b.deleted_at is null and b.kind = 'flow'
       and (b.content #>> '{action,parameters,flow_id}' = f.meta_id
         or b.content #>> '{action,parameters,flow_name}' = f.name)
     union all
     select 'template', t.id, t.name || ' (' || t.language || ')' from templates t, flow f
     where t.workspace_id = ? and t.deleted_at is null and exists (
       select 1 from jsonb_path_query(coalesce(t.draft->'components', t.components), '$[*].buttons[*]') button
       where button->>'type' = 'FLOW' and (button->>'flow_id' = f.meta_id or button->>'flow_name' = f.name))
     order by kind, name limit 100`,
    [flowId, workspaceId, workspaceId, workspaceId],
  )
}
