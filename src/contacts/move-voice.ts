import type { Em } from '../db/orm.ts'
import { liftHold } from '../holds/place-hold.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import type { Move } from './move-rows.ts'

interface OtherTakeover {
  hold_id: string
  chat_id: string
  is_doubled: boolean
}

/**
 * One person is spoken to with one voice: who waits to be heard, waits together; an agent who had the other's chat has the
 * one chat that is left. Where both were taken over, one of the two holds goes, and who stood at it is told. Called after
 * the conversations were moved.
 */
export async function moveVoice(em: Em, move: Move): Promise<OutboxRow[]> {
  const { workspaceId, mergeId, contactId, otherId } = move
  await em.execute('update arbiter_waits set contact_id = ? where workspace_id = ? and contact_id = ?', [
    contactId,
    workspaceId,
    otherId,
  ])
  await em.execute(
    `update floor_waits w set conversation_id = c.merged_into from conversations c
     where c.workspace_id = ? and c.contact_id = ? and c.merged_into is not null and w.conversation_id = c.id`,
    [workspaceId, otherId],
  )
  await em.execute(
    `insert into floor_waits (workspace_id, conversation_id, workflow_id, ask_key)
     select ?, x.own, x.workflow, x.ask from contact_merge_rows m
     cross join jsonb_to_record(m.data) as x(own uuid, workflow text, ask text, takes_floor boolean)
     where m.merge_id = ? and m.kind = 'joined conversations' and x.workflow is not null and not x.takes_floor
     on conflict do nothing`,
    [workspaceId, mergeId],
  )
  return moveTakeovers(em, move)
}

async function moveTakeovers(em: Em, { workspaceId, contactId, otherId }: Move): Promise<OutboxRow[]> {
  const takeovers = await em.execute<OtherTakeover[]>(
    `select t.hold_id, coalesce(c.merged_into, c.id) as chat_id,
       exists (select 1 from takeovers s where s.conversation_id = c.merged_into and s.ended_at is null) as is_doubled
     from takeovers t join conversations c on c.id = t.conversation_id
     where t.workspace_id = ? and t.contact_id = ? and t.ended_at is null order by t.hold_id`,
    [workspaceId, otherId],
  )
  const outbox: OutboxRow[] = []
  for (const { hold_id: holdId, chat_id: chatId, is_doubled } of takeovers) {
    if (is_doubled) outbox.push(...(await endDoubled(em, workspaceId, holdId)))
    else {
      await em.execute('update takeovers set contact_id = ?, conversation_id = ? where hold_id = ?', [
        contactId,
        chatId,
        holdId,
      ])
      await em.execute('update holds set scope_id = ? where id = ? and workspace_id = ?', [
        contactId,
        holdId,
        workspaceId,
      ])
    }
  }
  return outbox
}

/** Its runs come to stand at the hold that is left, as soon as they are about to speak. */
async function endDoubled(em: Em, workspaceId: string, holdId: string): Promise<OutboxRow[]> {
  const by = 'the merge'
  await liftHold(em, { workspaceId, holdId, by })
  await em.execute(
    `update takeovers set ended_at = now(), ended_by = ?, outcome = 'handed-back' where hold_id = ?`,
    [by, holdId],
  )
  const runs = await em.execute<{ workflow_id: string }[]>(
    'select workflow_id from runs where workspace_id = ? and held_by = ? and ended_at is null order by id',
    [workspaceId, holdId],
  )
  return enqueue(
    em,
    runs.map(({ workflow_id: workflowId }) => ({
      ...{ name: 'released' as const, workflowId, payload: { holdId } },
    })),
  )
}

/** After the rows went back: what waits goes with its run, an agent's hold with its chat. */
export async function putVoiceBack(em: Em, { workspaceId, contactId, otherId }: Move): Promise<void> {
  await em.execute(
    `update arbiter_waits w set contact_id = r.contact_id from runs r
     where w.workspace_id = ? and w.contact_id = ? and r.id = w.run_id and r.contact_id = ?`,
    [workspaceId, contactId, otherId],
  )
  await em.execute(
    `update floor_waits w set conversation_id = r.conversation_id from runs r
     where w.workspace_id = ? and r.workflow_id = w.workflow_id and r.contact_id = ? and r.conversation_id <> w.conversation_id`,
    [workspaceId, otherId],
  )
  await em.execute(
    `delete from floor_waits w using conversations c where c.workspace_id = ? and c.contact_id = ?
       and w.conversation_id = c.id and w.workflow_id = c.floor_workflow_id`,
    [workspaceId, otherId],
  )
  await em.execute(
    `with moved as (
       update takeovers t set contact_id = c.contact_id from conversations c
       where t.workspace_id = ? and t.ended_at is null and c.id = t.conversation_id and c.contact_id = ? and t.contact_id = ?
       returning t.hold_id, t.contact_id)
     update holds h set scope_id = moved.contact_id from moved where h.id = moved.hold_id`,
    [workspaceId, otherId, contactId],
  )
}
