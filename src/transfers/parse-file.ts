import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ParsedBatch, ParseInput } from './parse-rows.ts'

/** The parser's own memory beside the batch under way; beyond it the thread fails and the import is tried again. */
const threadHeapMb = 128

/**
 * Parses a file in a thread, so that messages are answered meanwhile: reading a million phone numbers takes seconds of CPU.
 * The next piece is parsed while the caller stores the batches of the one before, and no further ahead.
 */
export async function* parseFile(
  importId: string,
  input: ParseInput,
  file: AsyncIterable<Buffer>,
): AsyncGenerator<ParsedBatch, void> {
  const thread = new Worker(new URL('./parse-thread.ts', import.meta.url), {
    workerData: { importId, input },
    resourceLimits: { maxOldGenerationSizeMb: threadHeapMb },
    // Jest's own flags are not a thread's.
    execArgv: [],
  })
  const stopped = new AbortController()
  const failed = once(thread, 'error', { signal: stopped.signal }).then(([error]) => {
    throw error as Error
  })
  failed.catch(() => undefined)
  const ask = async (bytes: Buffer | null): Promise<ParsedBatch[]> => {
    const answer = once(thread, 'message', { signal: stopped.signal })
    answer.catch(() => undefined)
    thread.postMessage(bytes)
    const [batches] = (await Promise.race([answer, failed])) as [ParsedBatch[]]
    return batches
  }
  try {
    const pieces = withEnd(file)
    let ahead = nextBatches(pieces, ask)
    for (;;) {
      const batches = await ahead
      if (!batches) return
      ahead = nextBatches(pieces, ask)
      ahead.catch(() => undefined)
      yield* batches
    }
  } finally {
    stopped.abort()
    await thread.terminate()
  }
}

async function nextBatches(
  pieces: AsyncGenerator<Buffer | null, void>,
  ask: (bytes: Buffer | null) => Promise<ParsedBatch[]>,
): Promise<ParsedBatch[] | undefined> {
  const { value: piece, done } = await pieces.next()
  return done || piece === undefined ? undefined : ask(piece)
}

async function* withEnd(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null, void> {
  for await (const piece of file) yield piece
  yield null
}
