import { createHash } from 'node:crypto'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { headBytes, settleType, sniff } from './sniff.ts'
import { findStore } from './stores/find-store.ts'

/** What a file turned out to be. */
export interface StoredBlob {
  id: string
  sha256: string
  bytes: number
  /** By its content. */
  mimeType: string
}

interface NewBlob {
  workspaceId: string
  /** As whoever gave it said; believed only where the content does not say. */
  declaredType: string
  maximumBytes: number
  /** What is said of a file that is larger. */
  tooLarge: string
  /** Throws what speaks against a file of such a beginning. */
  check?(head: Buffer): void
}

/**
 * Takes a file as it comes, once a workspace and content: what is there already is not kept a second time. Of one that is
 * refused or breaks off nothing stays.
 */
export async function storeBlob(
  deps: Pick<Deps, 'orm' | 'config'>,
  input: NewBlob,
  file: AsyncIterable<Buffer>,
): Promise<StoredBlob> {
  const { workspaceId } = input
  const em = forkFor(deps.orm, workspaceId)
  const key = { workspaceId, id: newId() }
  const name = deps.config.MEDIA_STORE
  const store = findStore(deps, name)
  await em.execute('insert into media_blobs (id, workspace_id, store) values (?, ?, ?)', [
    ...[key.id, workspaceId, name],
  ])
  const forget = async () => {
    await store.remove(key)
    await em.execute('delete from media_blobs where workspace_id = ? and id = ?', [workspaceId, key.id])
  }
  try {
    const meter = createMeter(input)
    await store.write(key, meter.pass(file))
    const found = { id: key.id, ...(await meter.result()) }
    const kept = await keep(em, workspaceId, found)
    if (kept !== key.id) await forget()
    return { ...found, id: kept }
  } catch (error) {
    await forget()
    throw error
  }
}

/** Of two that bring the same content at once, one keeps it. Returns whose it is. */
async function keep(em: Em, workspaceId: string, blob: StoredBlob): Promise<string> {
  try {
    return await keepOnce(em, workspaceId, blob)
  } catch (error) {
    // The other one was faster: now it is there to be found.
    if (!isTaken(error)) throw error
    return keepOnce(em, workspaceId, blob)
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && ((error as { code?: string }).code === '23505' || isTaken(error.cause))
}

async function keepOnce(em: Em, workspaceId: string, blob: StoredBlob): Promise<string> {
  const { id, sha256, bytes, mimeType } = blob
  const [row] = await em.execute<{ id: string }[]>(
    `with known as (select id from media_blobs where workspace_id = ? and sha256 = ?),
       kept as (update media_blobs set sha256 = ?, bytes = ?, mime_type = ?
         where id = ? and workspace_id = ? and not exists (select 1 from known) returning id)
     select id from known union all select id from kept`,
    [workspaceId, sha256, sha256, bytes, mimeType, id, workspaceId],
  )
  if (!row) throw new Error(`the file ${id} was forgotten while it came`)
  return row.id
}

/** Counts, sums up and looks into what passes. */
function createMeter({ declaredType, maximumBytes, tooLarge, check }: NewBlob) {
  const hash = createHash('sha256')
  const head: Buffer[] = []
  let headLength = 0
  let bytes = 0
  let isChecked = false
  const look = () => {
    isChecked = true
    check?.(Buffer.concat(head))
  }
  return {
    async *pass(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
      for await (const chunk of file) {
        bytes += chunk.length
        if (bytes > maximumBytes) throw refuse('too_large', tooLarge)
        if (headLength < headBytes) {
          const part = chunk.subarray(0, headBytes - headLength)
          head.push(Buffer.from(part))
          headLength += part.length
        }
        if (!isChecked && headLength >= headBytes) look()
        hash.update(chunk)
        yield chunk
      }
      if (bytes === 0) throw refuse('invalid_input', 'the file is empty')
      if (!isChecked) look()
    },
    async result(): Promise<Omit<StoredBlob, 'id'>> {
      const mimeType = settleType(declaredType, await sniff(Buffer.concat(head)))
      return { sha256: hash.digest('hex'), bytes, mimeType }
    },
  }
}

function refuse(code: 'too_large' | 'invalid_input', message: string): AppError {
  return new AppError(code, message, { fields: [{ field: 'file', message }] })
}
