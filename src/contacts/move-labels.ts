import type { Em } from '../db/orm.ts'

/** What a conversation was labelled with labels the one that it was joined with too; its own stay, for when they part. */
export async function joinLabels(em: Em, mergeId: string, own: string, other: string): Promise<void> {
  await em.execute(
    `with came as (
       insert into conversation_labels (conversation_id, label, workspace_id, by, extra)
       select ?, label, workspace_id, by, extra from conversation_labels where conversation_id = ?
       on conflict do nothing returning label)
     insert into contact_merge_rows (merge_id, kind, row_id, data)
     select ?, 'labels', ?::uuid, jsonb_agg(label) from came having count(*) > 0`,
    [own, other, mergeId, own],
  )
}

/** Takes away the labels that a merge brought. */
export async function partLabels(em: Em, mergeId: string): Promise<void> {
  await em.execute(
    `delete from conversation_labels l using contact_merge_rows m
     where m.merge_id = ? and m.kind = 'labels' and l.conversation_id = m.row_id and jsonb_exists(m.data, l.label)`,
    [mergeId],
  )
}
