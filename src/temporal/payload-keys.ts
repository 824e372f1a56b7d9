import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { newId } from '../db/columns.ts'
import { forkFor, type Orm } from '../db/orm.ts'
import type { Seal } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { PayloadKey } from '../settings/entities.ts'

/** The key that Temporal's payloads about one subject (a contact, else the workspace) are encrypted under. */
export interface PayloadKeys {
  /** The subject's key, made when there is none. Throws `key_erased` when it was erased. */
  forWorkflow(workflowId: string): Promise<PayloadKeyOf>
  byId(id: string): Promise<KeyObject>
}
interface PayloadKeyOf {
  id: string
  key: KeyObject
}

/** An erased key is unknown to other processes at the latest after this long. */
const freshMs = 30_000
const maximumCached = 50_000

/** Chats and journeys of one contact share its key, and who encrypts under a key also reads what is encrypted under it. */
export function createPayloadKeys(orm: Orm, seal: Seal): PayloadKeys {
  const byId = createCache(async (id) => {
    const row = await orm.em.fork().findOne(PayloadKey, id, { filters: false })
    const key = open(seal, row?.sealedKey ?? null)
    if (row) bySubject.keep(placeOf(row), { id, key })
    return key
  })
  const bySubject = createCache(async (place): Promise<PayloadKeyOf> => {
    const [workspaceId = '', subject = ''] = place.split(' ')
    const row = await findOrMakeKey(orm, seal, workspaceId, subject)
    const key = open(seal, row.sealed_key)
    byId.keep(row.id, key)
    return { id: row.id, key }
  })
  const subjects = createCache((workflowId) => subjectOf(orm, workflowId))
  return {
    forWorkflow: async (workflowId) => bySubject.get(placeOf(await subjects.get(workflowId))),
    byId: byId.get,
  }
}

function placeOf({ workspaceId, subject }: { workspaceId: string; subject: string }): string {
  return `${workspaceId} ${subject}`
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

function open(seal: Seal, sealedKey: string | null | undefined): KeyObject {
  if (!sealedKey) throw new AppError('key_erased', 'the key of this payload was erased')
  return createSecretKey(seal.unseal(sealedKey))
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

interface KeyRow {
  id: string
  sealed_key: string | null
}

async function findOrMakeKey(orm: Orm, seal: Seal, workspaceId: string, subject: string): Promise<KeyRow> {
  const em = orm.em.fork()
  const find = () =>
    em.execute<KeyRow[]>('select id, sealed_key from payload_keys where workspace_id = ? and subject = ?', [
      workspaceId,
      subject,
    ])
  const [found] = await find()
  if (found) return found
  const [made] = await em.execute<KeyRow[]>(
    `insert into payload_keys (id, workspace_id, subject, sealed_key) values (?, ?, ?, ?) on conflict do nothing
     returning id, sealed_key`,
    [newId(), workspaceId, subject, seal.seal(randomBytes(32))],
  )
  const [row] = made ? [made] : await find()
  if (!row) throw new AppError('internal', `there is no payload key of ${subject}`)
  return row
}

/** Remembers answers for a while; concurrent questions share one look-up; failures are not remembered. */
function createCache<T>(load: (key: string) => Promise<T>) {
  const entries = new Map<string, { atMs: number; value: Promise<T> }>()
  const remember = (key: string, value: Promise<T>) => {
    entries.delete(key)
    entries.set(key, { atMs: Date.now(), value })
    const oldest = entries.keys().next()
    if (entries.size > maximumCached && !oldest.done) entries.delete(oldest.value)
  }
  return {
    get(key: string): Promise<T> {
      const entry = entries.get(key)
      if (entry && Date.now() - entry.atMs < freshMs) return entry.value
      const value = load(key)
      value.catch(() => entries.delete(key))
      remember(key, value)
      return value
    },
    /** What was learned on another way. */
    keep: (key: string, value: T) => remember(key, Promise.resolve(value)),
  }
}
