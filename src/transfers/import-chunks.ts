import type { Client } from 'pg'

/** A gigabyte is sixteen thousand rows; several copies of one on its way through a process are still little. */
const chunkBytes = 64 * 1024

/** Stores a file in pieces as it comes, never more of it in memory than one piece. */
export function createChunkWriter(client: Client, importId: string) {
  let parts: Buffer[] = []
  let held = 0
  let no = 0
  let length = 0
  const store = async () => {
    const data = Buffer.concat(parts, held)
    parts = []
    held = 0
    await client.query('insert into import_chunks (import_id, no, data) values ($1, $2, $3)', [
      importId,
      no++,
      data,
    ])
    length += data.length
  }
  return {
    async write(bytes: Buffer): Promise<void> {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + chunkBytes - held)
        parts.push(part)
        held += part.length
        at += part.length
        if (held >= chunkBytes) await store()
      }
    },
    /** Returns the length of the whole file. */
    async end(): Promise<number> {
      if (held > 0) await store()
      return length
    },
  }
}

/** The bytes of a stored file from a place on, a piece at a time. */
export async function* readChunks(
  client: Client,
  importId: string,
  from: number,
): AsyncGenerator<Buffer, void> {
  const first = Math.floor(from / chunkBytes)
  for (let no = first; ; no++) {
    const data = await readChunk(client, importId, no)
    if (!data) return
    yield no === first ? data.subarray(from - first * chunkBytes) : data
  }
}

/** Bytes of the middle of a file, for the original of a rejected row. */
export async function* readSpans(
  client: Client,
  importId: string,
  spans: Iterable<{ startsAt: number; bytes: number }>,
): AsyncGenerator<Buffer, void> {
  let held: { no: number; data: Buffer } | undefined
  const chunk = async (no: number) => {
    if (held?.no !== no) held = { no, data: (await readChunk(client, importId, no)) ?? Buffer.alloc(0) }
    return held.data
  }
  for (const { startsAt, bytes } of spans) {
    const parts: Buffer[] = []
    for (let at = startsAt; at < startsAt + bytes; ) {
      const no = Math.floor(at / chunkBytes)
      const inside = at - no * chunkBytes
      const part = (await chunk(no)).subarray(inside, inside + startsAt + bytes - at)
      if (part.length === 0) break
      parts.push(part)
      at += part.length
    }
    yield Buffer.concat(parts)
  }
}

/** In the text format: what node-postgres gets as binary it takes for UTF-8, and a piece may end inside a character. */
async function readChunk(client: Client, importId: string, no: number): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ data: Buffer }>(
    'select data from import_chunks where import_id = $1 and no = $2',
    [importId, no],
  )
  return rows[0]?.data
}
