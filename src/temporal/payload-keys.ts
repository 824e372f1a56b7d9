import { randomBytes } from 'node:crypto'
import { newId } from '../db/columns.ts'
import { forkFor, type Orm } from '../db/orm.ts'
import type { Seal } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { PayloadKey } from '../settings/entities.ts'

/** The key that Temporal's payloads about one subject (a contact, else the workspace) are encrypted under. */
export interface PayloadKeys {
  /** The subject's key, made when there is none. Throws `key_erased` when it was erased. */
  forWorkflow(workflowId: string): Promise<{ id: string; key: Buffer }>
  byId(id: string): Promise<Buffer>
}

/** An erased key is unknown to other processes at the latest after this long. */
const freshMs = 30_000
const maximumCached = 50_000

export function createPayloadKeys(orm: Orm, seal: Seal): PayloadKeys {
  const byWorkflow = createCache(async (workflowId) => {
    const { workspaceId, subject } = await subjectOf(orm, workflowId)
    const { id, sealedKey } = await findOrMakeKey(orm, seal, workspaceId, subject)
    return { id, key: open(seal, sealedKey) }
  })
  const byId = createCache(async (id) => {
    const row = await orm.em.fork().findOne(PayloadKey, id, { filters: false })
    return open(seal, row?.sealedKey ?? null)
  })
  return { forWorkflow: byWorkflow, byId }
}

/** Makes everything that was encrypted under a contact's key unreadable, for ever. */
export async function erasePayloadKey(orm: Orm, workspaceId: string, contactId: string): Promise<boolean> {
  const erased = await forkFor(orm, workspaceId).nativeUpdate(
    PayloadKey,
    { subject: `contact:${contactId}`, erasedAt: null },
    { sealedKey: null, erasedAt: new Date() },
  )
  return erased > 0
}

function open(seal: Seal, sealedKey: string | null | undefined): Buffer {
  if (!sealedKey) throw new AppError('key_erased', 'the key of this payload was erased')
  return seal.unseal(sealedKey)
}

/** Workflow ids are business keys, so they say whose payloads these are. */
async function subjectOf(orm: Orm, workflowId: string): Promise<{ workspaceId: string; subject: string }> {
  const [type, workspaceId, ...rest] = workflowId.split('/')
  if (!workspaceId) throw new AppError('internal', `workflow id "${workflowId}" names no workspace`)
  if (type === 'journey' && rest[1]) return { workspaceId, subject: `contact:${rest[1]}` }
  if (type === 'rehearsal' && rest[0] !== 'nobody') return { workspaceId, subject: `contact:${rest[0]}` }
  if (type === 'chat' && rest[0]) {
    const [row] = await orm.em
      .fork()
      .execute<{ contact_id: string }[]>(
        'select contact_id from conversations where id = ? and workspace_id = ?',
        [rest[0], workspaceId],
      )
    if (row) return { workspaceId, subject: `contact:${row.contact_id}` }
  }
  return { workspaceId, subject: 'workspace' }
}

async function findOrMakeKey(orm: Orm, seal: Seal, workspaceId: string, subject: string) {
  const em = forkFor(orm, workspaceId)
  const found = await em.findOne(PayloadKey, { subject })
  if (found) return found
  await em.execute(
    `insert into payload_keys (id, workspace_id, subject, sealed_key) values (?, ?, ?, ?) on conflict do nothing`,
    [newId(), workspaceId, subject, seal.seal(randomBytes(32))],
  )
  return em.findOneOrFail(PayloadKey, { subject })
}

/** Remembers answers for a while; concurrent questions share one look-up; failures are not remembered. */
function createCache<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const entries = new Map<string, { atMs: number; value: Promise<T> }>()
  return (key) => {
    const entry = entries.get(key)
    if (entry && Date.now() - entry.atMs < freshMs) return entry.value
    const value = load(key)
    value.catch(() => entries.delete(key))
    entries.delete(key)
    entries.set(key, { atMs: Date.now(), value })
    const oldest = entries.keys().next()
    if (entries.size > maximumCached && !oldest.done) entries.delete(oldest.value)
    return value
  }
}
