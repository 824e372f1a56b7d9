import type { Em } from '../db/orm.ts'
import type { PlannedTimer } from '../model/chat-timers.ts'
import { announce } from '../live/announce.ts'
import type { LoadedChat } from './chat-state.ts'

/** By when the live episode must be answered and closed stands in its row, for lists: what was once due stays there. */
export async function noteDeadlines(
  em: Em,
  { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
  { state: { episode } }: LoadedChat,
  planned: PlannedTimer[],
): Promise<void> {
  if (!episode) return
  const dueOf = (kind: PlannedTimer['kind']) => planned.find((timer) => timer.kind === kind)?.dueMs ?? null
  const [first, resolution] = [dueOf('first-response'), dueOf('resolution')]
  if (first === null && resolution === null) return
  const changed = await em.execute<object[]>(
    `update conversation_episodes e set first_response_due_at = n.first, resolution_due_at = n.resolution
     from (select coalesce(to_timestamp(?::float8 / 1000.0), first_response_due_at) as first,
         coalesce(to_timestamp(?::float8 / 1000.0), resolution_due_at) as resolution
       from conversation_episodes where id = ?) n
     where e.id = ? and e.workspace_id = ?
       and (n.first, n.resolution) is distinct from (e.first_response_due_at, e.resolution_due_at) returning e.id`,
    [first, resolution, episode.id, episode.id, workspaceId],
  )
  if (changed.length === 0) return
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['deadlines'] } },
  ])
}
