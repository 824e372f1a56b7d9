import { createCsvReader, detectShape, type CsvRecord, type CsvShape } from '../kit/csv.ts'
import { AppError } from '../model/errors.ts'

export interface FileColumn {
  /** As the header calls it; a name that comes again gets a number. */
  name: string
  samples: string[]
}
/** What the beginning of a file tells about all of it. */
export interface FileDescription extends CsvShape {
  encoding: string
  columns: FileColumn[]
  /** Where the first row of data begins, in the file as it is stored, and what number it has. */
  dataStartsAt: number
  firstRow: number
  warnings: string[]
}

const sampleRows = 5
const sampleLength = 200
const maximumColumns = 1_000

/** @param head the first bytes in UTF-8, whole records of which are read. */
export function describeFile(
  head: Buffer,
  isWhole: boolean,
  options: { encoding: string; hasHeader: boolean; delimiter?: string | undefined },
): FileDescription {
  const { encoding, hasHeader } = options
  if (head.toString('utf8', 0, 4_096).trim() === '') throw refuse('the file is empty')
  const hint = /^sep=(.)\r?\n/.exec(head.toString('utf8', 0, 10))
  const body = head.subarray(hint ? Buffer.byteLength(hint[0]) : 0)
  const detected = detectShape(body.toString('utf8', 0, 64 * 1024))
  const shape = { ...detected, delimiter: options.delimiter ?? hint?.[1] ?? detected.delimiter }
  const reader = createCsvReader(shape, head.length - body.length)
  const records = [...reader.push(body), ...(isWhole ? reader.end() : [])]
  const filled = records.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const first = filled[0]
  if (!first) throw refuse('the first row is longer than 1 MB: is this a CSV file?')
  if (first.problem) throw refuse(`the header cannot be read: ${first.problem}`)
  const names = nameColumns(first.cells, hasHeader)
  const rows = hasHeader ? filled.slice(1) : filled
  if (rows.length === 0) throw refuse('the file has a header and no rows')
  const samples = rows.filter(({ problem }) => !problem).slice(0, sampleRows)
  return {
    ...shape,
    encoding,
    columns: names.columns.map((name, at) => ({
      name,
      samples: samples.map(({ cells }) => shown(cells[at] ?? '').slice(0, sampleLength)),
    })),
    dataStartsAt: hasHeader ? first.startsAt + first.bytes : first.startsAt,
    firstRow: records.indexOf(first) + (hint ? 2 : 1) + (hasHeader ? 1 : 0),
    warnings: [...names.warnings, ...encodingWarning(encoding), ...raggedWarning(samples, names.columns)],
  }
}

/** PostgreSQL stores no NUL in JSON. */
function shown(cell: string): string {
  return cell.replaceAll('\0', '␀')
}

function nameColumns(cells: string[], hasHeader: boolean): { columns: string[]; warnings: string[] } {
  if (cells.length > maximumColumns) throw refuse(`a file has at most ${maximumColumns} columns`)
  const warnings: string[] = []
  const taken = new Set<string>()
  const columns = cells.map((cell, at) => {
    const said = hasHeader ? shown(cell.trim()).slice(0, 400) : ''
    const base = said || `Column ${at + 1}`
    if (hasHeader && !said) warnings.push(`column ${at + 1} has no name: it is called "${base}"`)
    let name = base
    for (let again = 2; taken.has(name.toLowerCase()); again++) name = `${base} (${again})`
    if (name !== base) warnings.push(`"${base}" names several columns: column ${at + 1} is called "${name}"`)
    taken.add(name.toLowerCase())
    return name
  })
  return { columns, warnings }
}

function encodingWarning(encoding: string): string[] {
  return encoding === 'utf-8' ? [] : [`the file is ${encoding}; it was converted to UTF-8`]
}

function raggedWarning(samples: CsvRecord[], columns: string[]): string[] {
  const ragged = samples.filter(({ cells }) => cells.length !== columns.length)
  if (ragged.length === 0) return []
  return [`some rows do not have ${columns.length} cells like the first: such rows will be rejected`]
}

function refuse(message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field: 'file', message }] })
}
