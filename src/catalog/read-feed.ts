import { createCsvReader, detectShape, unguardFormula, type CsvReader, type CsvRecord } from '../kit/csv.ts'
import { feedColumns, nameColumn, requiredColumns, type FeedRow } from '../model/catalog-feed.ts'
import { AppError } from '../model/errors.ts'
import { createFileDecoder } from '../transfers/file-encoding.ts'

export const maximumFeedBytes = 100 * 1024 * 1024

/** A row of a feed by its columns, or why it cannot be read. Rows are numbered as spreadsheets do, the header included. */
export interface FeedLine {
  row: number
  cells: FeedRow
  problem?: string
}
export interface FeedHeader {
  columns: string[]
  /** Columns of the file that mean nothing to us. */
  ignored: string[]
}

const shapeBytes = 64 * 1024

/** Reads a product feed as it comes: what is kept in memory is one piece of the file. The header comes with the first rows. */
export async function* readFeed(
  file: AsyncIterable<Buffer>,
): AsyncGenerator<{ header: FeedHeader; lines: FeedLine[] }> {
  let header: FeedHeader | undefined
  let row = 0
  for await (const records of readRecords(file)) {
    const lines: FeedLine[] = []
    for (const record of records) {
      row += 1
      if (isBlank(record)) continue
      if (header) lines.push(readLine(row, record, header.columns))
      else header = readHeader(record)
    }
    if (header && lines.length > 0) yield { header, lines }
  }
  if (!header) throw refuse('the file is empty')
}

async function* readRecords(file: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord[]> {
  const decoder = createFileDecoder()
  let reader: CsvReader | undefined
  let head: Buffer = Buffer.alloc(0)
  let seen = 0
  const open = () => {
    reader = createCsvReader(detectShape(head.toString('utf8', 0, shapeBytes)))
    return reader.push(head)
  }
  for await (const bytes of file) {
    seen += bytes.length
    if (seen > maximumFeedBytes)
      throw new AppError('too_large', `a feed has at most ${maximumFeedBytes / 1024 / 1024} MB: split it`)
    const text = decoder.write(bytes)
    if (reader) yield reader.push(text)
    else {
      head = Buffer.concat([head, text])
      if (head.length >= shapeBytes) yield open()
    }
  }
  const last = decoder.end()
  head = Buffer.concat([head, reader ? Buffer.alloc(0) : last])
  yield reader ? reader.push(last) : open()
  yield reader?.end() ?? []
}

/** Meta's own templates begin with lines of explanation. */
function isBlank({ cells }: CsvRecord): boolean {
  return cells[0]?.startsWith('# ') || cells.every((cell) => cell.trim() === '')
}

function readHeader({ cells, problem }: CsvRecord): FeedHeader {
  if (problem) throw refuse(`the header cannot be read: ${problem}`)
  const columns = cells.map(nameColumn)
  const twice = columns.find((column, at) => column !== '' && columns.indexOf(column) !== at)
  if (twice) throw refuse(`the column ${twice} stands there twice`)
  const missing = requiredColumns.filter((column) => !columns.includes(column))
  if (missing.length > 0) throw refuse(`the first row must name the columns: ${missing.join(', ')} missing`)
  const known: readonly string[] = feedColumns
  return { columns, ignored: columns.filter((column) => column !== '' && !known.includes(column)) }
}

function readLine(row: number, { cells, problem }: CsvRecord, columns: string[]): FeedLine {
  if (problem) return { row, cells: {}, problem }
  if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    return { row, cells: {}, problem: `has ${cells.length} cells, and the header has ${columns.length}` }
  }
  return {
    row,
    cells: Object.fromEntries(columns.map((column, at) => [column, unguardFormula(cells[at] ?? '')])),
  }
}

function refuse(message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field: 'file', message }] })
}
