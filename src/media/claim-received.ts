import { mediaWorkflowId } from '../../workflows/contract.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { baseMimeType, mediaKinds } from '../model/media.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'

interface Received {
  id: string
  type: string
  raw: Record<string, unknown>
}

/** Files that came with messages get rows of their own, in the transaction of these: a workflow each fetches them once. */
export async function claimReceived(
  em: Em,
  { workspaceId, id: numberId }: { workspaceId: string; id: string },
  messages: Received[],
): Promise<OutboxEntry[]> {
  const rows = messages.flatMap((message) => toRow(message) ?? [])
  if (rows.length === 0) return []
  await em.execute(
    `with n as materialized (select * from jsonb_to_recordset(?::jsonb) as n(id uuid, message_id uuid, name text, kind text,
         mime_type text, whatsapp_id text)),
       claimed as (
         insert into media (id, workspace_id, name, kind, mime_type, bytes, sha256, by, origin, state, number_id, whatsapp_id)
         select n.id, ?, n.name, n.kind, n.mime_type, 0, '', 'a message', 'received', 'waiting', ?, n.whatsapp_id from n)
     update messages m set media_id = n.id from n where m.id = n.message_id and m.deleted_at is null`,
    [JSON.stringify(rows), workspaceId, numberId],
  )
  return rows.map(({ id: mediaId }) => ({
    ...{
      name: 'fetchMedia',
      workflowId: mediaWorkflowId(workspaceId, mediaId),
      payload: { workspaceId, mediaId },
    },
  }))
}

function toRow({ id, type, raw }: Received) {
  const kind = mediaKinds.find((each) => each === type)
  const file = (kind ? raw[kind] : undefined) as Record<string, unknown> | undefined
  const whatsappId = file?.['id']
  if (!kind || (typeof whatsappId !== 'string' && typeof whatsappId !== 'number')) return undefined
  const { mime_type: declared, filename } = file ?? {}
  const mimeType = typeof declared === 'string' ? baseMimeType(declared).slice(0, 100) : ''
  const name =
    typeof filename === 'string' && filename !== '' ? filename.slice(0, 240) : nameOf(kind, mimeType)
  return { id: newId(), message_id: id, name, kind, mime_type: mimeType, whatsapp_id: String(whatsappId) }
}

/** `image.jpeg` of a picture without a name. */
function nameOf(kind: string, mimeType: string): string {
  const ending = /^[a-z]+\/([a-z0-9]{2,5})$/.exec(mimeType)?.[1]
  return ending ? `${kind}.${ending}` : kind
}
