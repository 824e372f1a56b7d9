/** One record of a CSV file, and where it lies in it. */
export interface CsvRecord {
  cells: string[]
  /** Bytes from the beginning of the file. */
  startsAt: number
  bytes: number
  /** Why the cells cannot be told apart; they are then the raw line. */
  problem?: string
}
export interface CsvReader {
  /** Takes the next bytes and returns the records that they complete. */
  push(bytes: Buffer): CsvRecord[]
  /** The last record, which may lack its line end. */
  end(): CsvRecord[]
}
export interface CsvShape {
  delimiter: string
  /** `\r` in files of old Macs. */
  newline: '\n' | '\r'
}

/** More than any spreadsheet's cell (32,767 characters), many times over. */
const maximumRecordBytes = 1024 * 1024
const quote = 34
const carriageReturn = 13

/**
 * Reads CSV as bytes come, in UTF-8. Unlike general parsers it says where each record lies, so that a reader killed
 * anywhere begins again there, and a quote that is opened and never closed costs its own line, not the rest of the file.
 */
export function createCsvReader(shape: CsvShape, startsAt = 0): CsvReader {
  const signs = { lineEnd: shape.newline.charCodeAt(0), comma: shape.delimiter.charCodeAt(0), ...shape }
  let rest: Buffer = Buffer.alloc(0)
  let restAt = startsAt
  /** Set while a record that is too long passes by. */
  let passing: { startsAt: number; head: string } | undefined

  const read = (bytes: Buffer, isLast: boolean): CsvRecord[] => {
    const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
    const records: CsvRecord[] = []
    let at = 0
    let nextQuote = all.indexOf(quote)
    while (at < all.length) {
      if (nextQuote >= 0 && nextQuote < at) nextQuote = all.indexOf(quote, at)
      const found = passing ? 'too long' : findRecord(all, at, nextQuote, signs, isLast)
      if (found === 'incomplete') break
      if (found !== 'too long') {
        const { end, ...record } = found
        records.push({ ...record, startsAt: restAt + at, bytes: end - at })
        at = end
        continue
      }
      passing ??= { startsAt: restAt + at, head: all.toString('utf8', at, at + 200) }
      const line = all.indexOf(signs.lineEnd, at)
      at = line < 0 ? all.length : line + 1
      if (line < 0 && !isLast) break
      const length = restAt + at - passing.startsAt
      records.push({
        cells: [passing.head],
        problem: tooLongWords,
        startsAt: passing.startsAt,
        bytes: length,
      })
      passing = undefined
    }
    rest = all.subarray(at)
    restAt += at
    return records
  }
  return { push: (bytes) => read(bytes, false), end: () => read(Buffer.alloc(0), true) }
}

interface Signs extends CsvShape {
  lineEnd: number
  comma: number
}
type Found = { cells: string[]; end: number; problem?: string }

function findRecord(
  all: Buffer,
  at: number,
  nextQuote: number,
  signs: Signs,
  isLast: boolean,
): Found | 'incomplete' | 'too long' {
  const line = all.indexOf(signs.lineEnd, at)
  const lineEndsAt = line < 0 ? all.length : line
  const afterLine = line < 0 ? all.length : line + 1
  const isFull = isLast || all.length - at > maximumRecordBytes
  const isPlain = nextQuote < 0 || nextQuote > lineEndsAt
  if (isPlain && (line >= 0 || isLast)) {
    if (afterLine - at > maximumRecordBytes) return 'too long'
    return { cells: lineText(all, at, lineEndsAt).split(signs.delimiter), end: afterLine }
  }
  const found = isPlain ? 'incomplete' : readQuoted(all, at, signs, isLast)
  if (typeof found === 'object') {
    if (found.end - at <= maximumRecordBytes) return found
  } else if (found === 'incomplete' && !isFull) return found
  // Whatever its quotes say: what is wrong ends with the line.
  if (line < 0 && !isLast) return isFull ? 'too long' : 'incomplete'
  if (afterLine - at > maximumRecordBytes) return 'too long'
  const problem = typeof found === 'string' ? problems[found] : tooLongWords
  return { cells: [lineText(all, at, lineEndsAt)], end: afterLine, problem }
}

const tooLongWords = 'the row is longer than 1 MB'
const problems = {
  incomplete: 'a quote is opened and never closed',
  'text after quote': 'text follows a closing quote',
} as const

function lineText(all: Buffer, from: number, to: number): string {
  const end = to > from && all[to - 1] === carriageReturn ? to - 1 : to
  return all.toString('utf8', from, end)
}

/** A record with quotes somewhere. A quote inside an unquoted cell is a character like any other. */
function readQuoted(
  all: Buffer,
  from: number,
  { comma, lineEnd }: Signs,
  isLast: boolean,
): { cells: string[]; end: number } | keyof typeof problems {
  const cells: string[] = []
  let at = from
  for (;;) {
    const cell = all[at] === quote ? quotedCell(all, at) : plainCell(all, at, comma, lineEnd)
    if (cell === undefined) return 'incomplete'
    cells.push(cell.text)
    at = cell.end
    if (at >= all.length) return isLast ? { cells, end: at } : 'incomplete'
    if (all[at] === comma) at += 1
    else if (all[at] === lineEnd) return { cells, end: at + 1 }
    else if (all[at] === carriageReturn && all[at + 1] === lineEnd) return { cells, end: at + 2 }
    else if (all[at] === carriageReturn && at + 1 >= all.length)
      return isLast ? { cells, end: at + 1 } : 'incomplete'
    else return 'text after quote'
  }
}

function quotedCell(all: Buffer, from: number): { text: string; end: number } | undefined {
  let at = from + 1
  let hasEscapes = false
  for (;;) {
    at = all.indexOf(quote, at)
    if (at < 0) return undefined
    if (all[at + 1] !== quote) break
    hasEscapes = true
    at += 2
  }
  const raw = all.toString('utf8', from + 1, at)
  let end = at + 1
  while (all[end] === 32) end += 1
  return { text: hasEscapes ? raw.replaceAll('""', '"') : raw, end }
}

function plainCell(all: Buffer, from: number, comma: number, lineEnd: number) {
  let at = from
  while (at < all.length && all[at] !== comma && all[at] !== lineEnd) at += 1
  return { text: lineText(all, from, at), end: at }
}

/** What separates the cells: the sign that splits the first lines most evenly. */
export function detectShape(head: string): CsvShape {
  const newline = head.includes('\n') || !head.includes('\r') ? '\n' : '\r'
  const lines = unquoted(head)
    .split(newline)
    .slice(0, 20)
    .filter((line) => line.trim() !== '')
  const scored = [',', ';', '\t', '|'].map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length - 1)
    const first = counts[0] ?? 0
    const alike = counts.filter((count) => count === first).length
    return { delimiter, score: first === 0 ? 0 : (alike / counts.length) * 1_000 + first }
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  return { delimiter: best.delimiter, newline }
}

function unquoted(text: string): string {
  return text.replace(/"(?:[^"]|"")*"/g, '')
}

/** A spreadsheet takes such a cell for a formula (OWASP: CSV injection); the last are the full-width forms. */
const formulaStart = /^[=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/
const plainNumber = /^[+-]?\d+(?:[.,]\d+)?$/
const guard = "'"

/** One line of a CSV file as of RFC 4180. Cells that a spreadsheet would run as formulas get an apostrophe in front. */
export function csvLine(cells: string[], delimiter = ','): string {
  return `${cells.map((cell) => quoteCell(guardFormula(cell), delimiter)).join(delimiter)}\r\n`
}

/** Numbers stay as they are, phone numbers with their plus sign among them: they calculate nothing. */
function guardFormula(cell: string): string {
  return formulaStart.test(cell) && !plainNumber.test(cell) ? guard + cell : cell
}

/** Takes off what `csvLine` put in front, so that a file of ours comes back as it was. */
export function unguardFormula(cell: string): string {
  return cell.startsWith(guard) && formulaStart.test(cell.slice(1)) ? cell.slice(1) : cell
}

function quoteCell(cell: string, delimiter: string): string {
  const mustQuote = cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell)
  return mustQuote ? `"${cell.replaceAll('"', '""')}"` : cell
}
