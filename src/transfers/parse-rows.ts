import { randomUUIDv7 } from 'node:crypto'
import { createCsvReader, type CsvRecord } from '../kit/csv.ts'
import { writableAttributes } from '../model/contact-attributes.ts'
import type { ImportPlan } from './check-mapping.ts'
import { copyLine } from './copy-line.ts'
import type { FileDescription } from './describe-file.ts'
import { createRowReader, type ReadRow, type RowProblem } from './read-row.ts'

export interface ParseInput {
  plan: ImportPlan
  file: Pick<FileDescription, 'delimiter' | 'newline'> & { width: number }
  /** Where to begin, and the number of the row there. */
  startsAt: number
  nextRow: number
  rowsABatch: number
  /** Whichever is reached first. */
  bytesABatch: number
}
/** Rows that are stored together, as COPY's text format, and where the next one begins. */
export interface ParsedBatch {
  rows: Buffer[]
  rejects: Buffer[]
  read: number
  accepted: number
  rejected: number
  endsAt: number
  lastRow: number
}

/** The columns of a staged row, in the order in which they are written here. */
export const stagedColumns = [
  ...['row_no', 'starts_at', 'bytes', 'new_id', 'wa_id', 'alias', 'external_id', 'bsuid', 'email_key'],
  ...writableAttributes,
  ...['attributes', 'cleared', 'tags', 'opt_in'],
]
export const rejectColumns = ['import_id', 'row_no', 'starts_at', 'bytes', 'field', 'value', 'reason']

/** Turns a file's bytes into batches of rows to be copied. */
export function createRowParser(importId: string, input: ParseInput) {
  const reader = createCsvReader(input.file, input.startsAt)
  const readRow = createRowReader(input.plan, input.file.width)
  let nextRow = input.nextRow
  let batch = emptyBatch(input.startsAt)

  const take = (record: CsvRecord) => {
    const rowNo = nextRow++
    batch.endsAt = record.startsAt + record.bytes
    batch.lastRow = rowNo
    if (record.cells.every((cell) => cell.trim() === '')) return
    batch.read += 1
    const read = record.problem
      ? { problem: { value: record.cells[0]?.slice(0, 200) ?? '', reason: record.problem } }
      : readRow(record.cells)
    const line =
      'row' in read ? stagedLine(rowNo, record, read.row) : rejectLine(importId, rowNo, record, read.problem)
    batch.size += line.length
    if ('row' in read) batch.rows.add(line)
    else batch.rejects.add(line)
  }
  const cut = (): ParsedBatch => {
    const { rows, rejects, read, endsAt, lastRow } = batch
    batch = emptyBatch(endsAt)
    return {
      rows: rows.end(),
      rejects: rejects.end(),
      read,
      accepted: rows.count(),
      rejected: rejects.count(),
      endsAt,
      lastRow,
    }
  }
  return (bytes: Buffer | undefined): ParsedBatch[] => {
    const batches: ParsedBatch[] = []
    for (const record of bytes ? reader.push(bytes) : reader.end()) {
      take(record)
      if (batch.read >= input.rowsABatch || batch.size >= input.bytesABatch) batches.push(cut())
    }
    if (!bytes && batch.lastRow > 0) batches.push(cut())
    return batches
  }
}

function emptyBatch(endsAt: number) {
  return { rows: collectLines(), rejects: collectLines(), size: 0, read: 0, endsAt, lastRow: 0 }
}

const piece = 64 * 1024

/** Lines become bytes soon: as strings they would fill V8's heap until the batch is stored. */
function collectLines() {
  const pieces: Buffer[] = []
  let text = ''
  let lines = 0
  const flush = () => {
    if (text !== '') pieces.push(Buffer.from(text))
    text = ''
  }
  return {
    add(line: string): void {
      text += line
      lines += 1
      if (text.length >= piece) flush()
    },
    end(): Buffer[] {
      flush()
      return pieces
    },
    count: () => lines,
  }
}

function stagedLine(rowNo: number, { startsAt, bytes }: CsvRecord, row: ReadRow): string {
  const custom = Object.keys(row.custom).length > 0 ? JSON.stringify(row.custom) : undefined
  const cleared = row.cleared.length > 0 ? JSON.stringify(row.cleared) : undefined
  const tags = row.tags.length > 0 ? JSON.stringify([...new Set(row.tags)]) : undefined
  return copyLine([
    String(rowNo),
    String(startsAt),
    String(bytes),
    randomUUIDv7(),
    row.waId,
    row.alias,
    row.externalId,
    row.bsuid,
    row.emailKey,
    ...writableAttributes.map((name) => row.system[name]),
    custom,
    cleared,
    tags,
    row.optIn === undefined ? undefined : String(row.optIn),
  ])
}

function rejectLine(importId: string, rowNo: number, record: CsvRecord, problem: RowProblem): string {
  const { field, value, reason } = problem
  return copyLine([
    importId,
    String(rowNo),
    String(record.startsAt),
    String(record.bytes),
    field,
    value?.replaceAll('\0', '␀'),
    reason,
  ])
}
