import { parentPort, workerData } from 'node:worker_threads'
import { createRowParser, type ParseInput } from './parse-rows.ts'

/** The thread that `parseFile` starts: each message is a piece of the file, null at its end; each answer its batches. */
const { importId, input } = workerData as { importId: string; input: ParseInput }
const parse = createRowParser(importId, input)

parentPort?.on('message', (bytes: Uint8Array<ArrayBuffer> | null) => {
  const batches = parse(
    bytes === null ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
  )
  // Small buffers may share their memory with others: those are copied.
  const owned = batches.map((batch) => ({
    ...batch,
    rows: owning(batch.rows),
    rejects: owning(batch.rejects),
  }))
  parentPort?.postMessage(
    owned,
    owned.flatMap(({ rows, rejects }) => [rows.buffer, rejects.buffer]),
  )
})

function owning(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength
    ? (bytes as Uint8Array<ArrayBuffer>)
    : Uint8Array.from(bytes)
}
