import { z } from 'zod'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { decodeCursor } from '../kit/paging.ts'

export interface QueuedChat {
  conversationId: string
  contact: { id: string; name: string | null }
  /** Among those who wait for the same people, from 1 on. */
  position: number
  queuedAt: string
  priority: number
  /** `team`, `agents` or `anybody`, and their names. */
  waitsFor: { kind: 'team' | 'agents' | 'anybody'; names: string[] }
  /** It is taken, not given. */
  pulled: boolean
}

const queueSql = `select v.id, v.contact_id, v.queued_at, v.priority, v.queued_for, row_number() over (
    partition by v.queued_for -> 'candidates' order by v.priority desc, v.queued_at, v.id)::int as position
  from conversations v where v.workspace_id = ? and v.queued_at is not null`

const columns = `q.id as "conversationId", q.position, ${isoTime('q.queued_at')} as "queuedAt", q.priority,
  q.queued_for ->> 'method' = 'pull' as pulled, jsonb_build_object('id', c.id, 'name', c.name) as contact,
  jsonb_build_object('kind', case when q.queued_for -> 'candidates' = '"everybody"' then 'anybody'
      when jsonb_exists(q.queued_for -> 'candidates', 'groupId') then 'team' else 'agents' end,
    'names', coalesce((select jsonb_agg(g.name) from groups g where g.id = (q.queued_for -> 'candidates' ->> 'groupId')::uuid),
      (select jsonb_agg(u.username order by u.number) from users u
        where u.id in (select jsonb_array_elements_text(q.queued_for -> 'candidates' -> 'userIds')::uuid)), '[]')) as "waitsFor"`

/** Who waits, the urgent first and then who waits longest; one more than `limit` when there are more. */
export async function listQueue(
  em: Em,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor: string | undefined },
): Promise<QueuedChat[]> {
  const after = decodeCursor(cursor, z.tuple([z.int(), z.iso.datetime(), z.uuid()]))
  const [priority, queuedAt, id] = after ?? [null, null, null]
  return em.execute<QueuedChat[]>(
    `with q as (${queueSql}) select ${columns} from q join contacts c on c.id = q.contact_id
     where ?::int is null or (-q.priority, q.queued_at, q.id) > (-?::int, ?::timestamptz, ?::uuid)
     order by q.priority desc, q.queued_at, q.id limit ?`,
    [workspaceId, priority, priority, queuedAt, id, limit + 1],
  )
}

/** Where a chat stands in the queue; null of one that does not wait. */
export async function findQueuePlace(
  em: Em,
  workspaceId: string,
  conversationId: string,
): Promise<{ position: number; since: string } | null> {
  const [place] = await em.execute<{ position: number; since: string }[]>(
    `with q as (${queueSql}) select position, ${isoTime('queued_at')} as since from q where id = ?`,
    [workspaceId, conversationId],
  )
  return place ?? null
}
