import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readSync, renameSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const FLUSH_MS = 50
const COMPACT_ABOVE_LINES = 100_000
const CHUNK_BYTES = 1 << 20

/** One line of the data file: `kind` tells which store wrote it. */
export type JournalRecord = { kind: string; [field: string]: unknown }
export type Journal = ReturnType<typeof createJournal>

/**
 * The append-only data file. Lines are buffered for 50 ms: a killed sandbox may forget its last moment, a
 * closed one nothing. Without a file everything is kept in memory only.
 */
export function createJournal(file: string | undefined, log: (message: string) => void) {
  let lines: string[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let isQuiet = false

  function flush() {
    timer = undefined
    if (!file || lines.length === 0) return
    const chunk = `${lines.join('\n')}\n`
    lines = []
    writing = writing
      .then(() => appendFile(file, chunk))
      .catch((error) => log(`the data file cannot be written: ${String(error)}`))
  }

  return {
    append(record: JournalRecord) {
      if (!file || isQuiet) return
      lines.push(JSON.stringify(record))
      timer ??= setTimeout(flush, FLUSH_MS)
    },
    /** Replays the file into `apply`; a torn last line, left by a kill, is skipped. Returns the line count. */
    load(apply: (record: JournalRecord) => void): number {
      if (!file) return 0
      mkdirSync(dirname(file), { recursive: true })
      if (!existsSync(file)) return 0
      let count = 0
      const tail = readLines(file, (line) => {
        const record = parseLine(line)
        if (record) apply(record)
        count += 1
      })
      // The next record must not be glued to a torn line.
      if (tail) appendFileSync(file, '\n')
      return count
    },
    /** Runs `work` with its records left out. */
    quietly<Result>(work: () => Result): Result {
      isQuiet = true
      const result = work()
      isQuiet = false
      return result
    },
    /** Rewrites the file with what is still alive, when most of it is history. */
    compact(lineCount: number, alive: () => JournalRecord[]) {
      if (!file || lineCount < COMPACT_ABOVE_LINES) return
      const records = alive()
      if (records.length * 2 > lineCount) return
      rewrite(file, records)
    },
    async close() {
      clearTimeout(timer)
      flush()
      await writing
    },
  }
}

function rewrite(file: string, records: JournalRecord[]) {
  const fresh = `${file}.new`
  closeSync(openSync(fresh, 'w'))
  for (let at = 0; at < records.length; at += 1_000) {
    const part = records.slice(at, at + 1_000)
    appendFileSync(fresh, part.map((record) => `${JSON.stringify(record)}\n`).join(''))
  }
  renameSync(fresh, file)
}

/** Reads by chunks, since a ledger of hundreds of megabytes does not fit into one string; returns the tail. */
function readLines(file: string, onLine: (line: string) => void): string {
  const descriptor = openSync(file, 'r')
  const chunk = Buffer.alloc(CHUNK_BYTES)
  let rest: Buffer = Buffer.alloc(0)
  for (;;) {
    const size = readSync(descriptor, chunk)
    if (size === 0) break
    const data = Buffer.concat([rest, chunk.subarray(0, size)])
    let start = 0
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      onLine(data.toString('utf8', start, end))
      start = end + 1
    }
    rest = data.subarray(start)
  }
  closeSync(descriptor)
  return rest.toString('utf8')
}

function parseLine(line: string): JournalRecord | null {
  try {
    const value: unknown = JSON.parse(line)
    return value && typeof value === 'object' && 'kind' in value ? (value as JournalRecord) : null
  } catch {
    return null
  }
}
