import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobKey, MediaStore } from './store.ts'

/** Files in a folder that every process of the installation reaches. A name is an id of ours, never a word of anybody's. */
export function diskStore(folder: string): MediaStore {
  const pathOf = ({ workspaceId, id }: BlobKey) => join(folder, workspaceId, id.slice(-2), id)
  return {
    async write(key, bytes) {
      const path = pathOf(key)
      const part = `${path}.part`
      await mkdir(dirname(path), { recursive: true })
      const file = await open(part, 'w', 0o600)
      try {
        for await (const piece of bytes) await file.writeFile(piece)
        await file.sync()
      } catch (error) {
        await rm(part, { force: true })
        throw error
      } finally {
        await file.close()
      }
      await rename(part, path)
    },
    read: (key, from, to) =>
      to > from ? createReadStream(pathOf(key), { start: from, end: to - 1 }) : nothing(),
    remove: (key) => rm(pathOf(key), { force: true }),
  }
}

async function* nothing(): AsyncGenerator<Buffer, void> {}
