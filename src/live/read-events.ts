import type { Em } from '../db/orm.ts'
import { toCursor, type Cursor } from './cursor.ts'
import type { InboxEvent } from './announce.ts'

export type LiveEvent = InboxEvent & { seq: number; workspaceId: string; at: string }

interface EventRow {
  snapshot: string
  at_ms: number
  seq: number | null
  workspace_id: string
  kind: InboxEvent['kind']
  conversation_id: string | null
  data: never
  at: string
}

/** Up to where a workspace's events were read. */
export interface Reader {
  workspaceId: string
  since: Cursor
}

/**
 * What was committed since then in each reader's workspace, in the order of the numbers, and the cursor to go on from: nothing is left
 * out and nothing comes twice, however long a transaction took. Without readers it is the cursor alone.
 * @param limit so many events at most of each: who gets as many must not go on from the cursor.
 */
export async function readEvents(
  em: Em,
  readers: readonly Reader[],
  limit = 100_000,
): Promise<{ cursor: Cursor; events: LiveEvent[] }> {
  const rows = await em.execute<EventRow[]>(
    `with readers as materialized (
       select * from jsonb_to_recordset(?::jsonb) as r(workspace_id uuid, xmax text, running jsonb))
     select s.snapshot::text, (extract(epoch from clock_timestamp()) * 1000)::float8 as at_ms, e.seq::float8, e.workspace_id,
       e.kind, e.conversation_id, e.data, to_json(e.at) #>> '{}' as at
     from (select pg_current_snapshot() as snapshot) as s left join (
       select l.* from readers as r cross join lateral (
         select * from live_events n where n.workspace_id = r.workspace_id and n.xid >= r.xmax::xid8
         order by n.xid, n.seq limit ?) as l
       union all
       select l.* from readers as r cross join jsonb_array_elements_text(r.running) as t(xid)
       join live_events l on l.workspace_id = r.workspace_id and l.xid = t.xid::xid8) as e on true
     order by e.seq`,
    [
      JSON.stringify(
        readers.map(({ workspaceId, since: { xmax, running } }) => ({
          ...{ workspace_id: workspaceId, xmax: String(xmax), running: running.map(String) },
        })),
      ),
      limit,
    ],
  )
  const [first] = rows
  if (!first) throw new RangeError('a snapshot is always there')
  return {
    cursor: toCursor(first.at_ms, first.snapshot),
    events: rows.flatMap((row) => (row.seq === null ? [] : [toEvent(row, row.seq)])),
  }
}

function toEvent({ kind, conversation_id: conversationId, data, workspace_id, at }: EventRow, seq: number) {
  return { seq, workspaceId: workspace_id, kind, conversationId, data, at } as LiveEvent
}
