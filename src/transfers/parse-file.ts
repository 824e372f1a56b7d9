import { setImmediate as letOthers } from 'node:timers/promises'
import { createRowParser, type ParsedBatch, type ParseInput } from './parse-rows.ts'

/** Some hundred rows, some milliseconds of work: after each the process does whatever else is waiting. */
const pieceBytes = 32 * 1024

/**
 * Parses a file as it is read. The next batch is made while the caller stores the one before, and no further ahead. Not in
 * a thread of its own: one more JavaScript heap with everything loaded again costs more memory than all of this.
 */
export async function* parseFile(
  importId: string,
  input: ParseInput,
  file: AsyncIterable<Buffer>,
): AsyncGenerator<ParsedBatch, void> {
  const batches = parsePieces(importId, input, file)
  let ahead = batches.next()
  try {
    for (;;) {
      const { value, done } = await ahead
      if (done || !value) return
      ahead = batches.next()
      // Whoever takes it hears of its failure; until then nobody does.
      ahead.catch(() => undefined)
      yield value
    }
  } finally {
    await batches.return()
  }
}

async function* parsePieces(
  importId: string,
  input: ParseInput,
  file: AsyncIterable<Buffer>,
): AsyncGenerator<ParsedBatch, void> {
  const parse = createRowParser(importId, input)
  for await (const chunk of file) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      yield* parse(chunk.subarray(at, at + pieceBytes))
      await letOthers()
    }
  }
  yield* parse(undefined)
}
