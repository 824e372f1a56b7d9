import type { Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { announce } from '../live/announce.ts'
import { saidAt } from './messages.ts'
import { demandWireChat, openDesk, type WireCaller } from './wire-caller.ts'

/** Up to these messages somebody has received their chats. Marks move forward only. */
export async function markReceived(
  em: Em,
  { workspaceId, userId }: { workspaceId: string; userId: string },
  { messageIds }: { messageIds: readonly string[] },
): Promise<void> {
  if (messageIds.length === 0) return
  const moved = await em.execute<{ conversationId: string }[]>(
    `insert into conversation_reads (conversation_id, user_id, workspace_id, read_until)
     select m.conversation_id, ?, m.workspace_id, max(${saidAt}) from messages m
     where m.workspace_id = ? and m.direction = 'in' and m.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     group by m.conversation_id, m.workspace_id order by m.conversation_id
     on conflict (user_id, conversation_id) do update set read_until = excluded.read_until
       where conversation_reads.read_until < excluded.read_until
     returning conversation_id as "conversationId"`,
    [userId, workspaceId, JSON.stringify(messageIds)],
  )
  await tell(em, workspaceId, userId, moved)
}

/** Up to a time of the customer's clock, in POSIX seconds. */
export async function markChatReceived(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  { waId, timestamp }: { waId: string; timestamp: number },
): Promise<void> {
  const { em, ...desk } = await openDesk(deps, caller)
  const { id } = await demandWireChat({ em, ...desk }, waId)
  await em.transactional(async (tx) => {
    const moved = await tx.execute<{ conversationId: string }[]>(
      `insert into conversation_reads (conversation_id, user_id, workspace_id, read_until)
       values (?, ?, ?, to_timestamp(?::float8 + 0.999999))
       on conflict (user_id, conversation_id) do update set read_until = excluded.read_until
         where conversation_reads.read_until < excluded.read_until
       returning conversation_id as "conversationId"`,
      [id, caller.userId, caller.workspaceId, timestamp],
    )
    await tell(tx, caller.workspaceId, caller.userId, moved)
  })
}

async function tell(
  em: Em,
  workspaceId: string,
  userId: string,
  moved: { conversationId: string }[],
): Promise<void> {
  await announce(
    em,
    workspaceId,
    moved.map(({ conversationId }) => ({ kind: 'chat.read', conversationId, data: { userId } })),
  )
}
