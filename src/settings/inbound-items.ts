import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Json } from '../model/json.ts'

export interface InboundItem {
  id: string
  /** Meta's webhook field, e.g. `message_template_status_update`. */
  field: string
  /** Why it could not be understood; null for what we understand and only keep. */
  error: string | null
  receivedAt: string
  raw: Json
}

/** What came in by webhook and is neither message nor status, or could not be read; the newest first. */
export async function listInboundItems(
  { orm }: Pick<Deps, 'orm'>,
  input: { workspaceId: string; limit: number; before?: string | undefined; failed?: boolean | undefined },
): Promise<InboundItem[]> {
  const rows = await forkFor(orm, input.workspaceId).execute<Row[]>(
    `select id, field, error, received_at, raw from inbound_items
     where workspace_id = ? and (?::uuid is null or id < ?::uuid) and (?::boolean is null or (error is not null) = ?::boolean)
     order by id desc limit ?`,
    [
      input.workspaceId,
      input.before ?? null,
      input.before ?? null,
      input.failed ?? null,
      input.failed ?? null,
      input.limit + 1,
    ],
  )
  return rows.map(({ id, field, error, received_at, raw }) => {
    return { id, field, error, raw, receivedAt: new Date(received_at).toISOString() }
  })
}

interface Row {
  id: string
  field: string
  error: string | null
  received_at: Date | string
  raw: Json
}
