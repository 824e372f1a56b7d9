import { createCsvReader, unguardFormula, type CsvRecord } from '../kit/csv.ts'
import { copyLine } from '../transfers/copy-line.ts'
import type { FileDescription } from '../transfers/describe-file.ts'
import { readValuePhone } from './read-value-phone.ts'

/** Why a line is not taken. Its number counts the header, as a spreadsheet shows it. */
export interface RejectedLine {
  line: number
  value: string
  reason: string
}
export interface LineCounts {
  read: number
  rejected: number
}

/** More of them would be the file over again. */
const listedRejects = 1_000
const maximumCell = 4_096

/** Turns a file's bytes into lines of COPY: its number, the phone and the values by the columns' names. */
export function createLineReader(file: FileDescription, phoneAt: number) {
  const reader = createCsvReader(file, file.dataStartsAt)
  const counts: LineCounts = { read: 0, rejected: 0 }
  const rejects: RejectedLine[] = []
  let nextLine = file.firstRow

  const take = (record: CsvRecord): string => {
    const line = nextLine++
    if (record.cells.every((cell) => cell.trim() === '')) return ''
    counts.read += 1
    const read = readLine(record, file, phoneAt)
    if ('values' in read) return copyLine([String(line), read.phone, JSON.stringify(read.values)])
    counts.rejected += 1
    if (rejects.length < listedRejects) rejects.push({ line, ...read })
    return ''
  }
  return {
    counts,
    rejects,
    /** @param bytes undefined at the end of the file */
    read(bytes: Buffer | undefined): Buffer {
      const records = bytes ? reader.push(bytes) : reader.end()
      return Buffer.from(records.map(take).join(''))
    },
  }
}

function readLine(
  { cells, problem }: CsvRecord,
  { columns }: FileDescription,
  phoneAt: number,
): { phone: string; values: Record<string, string> } | { value: string; reason: string } {
  const refuse = (reason: string, value = cells[0] ?? '') => {
    return { reason, value: value.replaceAll('\0', '␀').slice(0, 200) }
  }
  if (problem !== undefined) return refuse(problem)
  const extra = cells.slice(columns.length).some((cell) => cell.trim() !== '')
  if (extra || cells.length < columns.length)
    return refuse(`has ${cells.length} cells where the first row has ${columns.length}`)
  const bad = cells.find((cell) => cell.includes('\0') || cell.length > maximumCell)
  if (bad !== undefined)
    return refuse(
      bad.includes('\0') ? 'holds a NUL character' : `a cell has more than ${maximumCell} characters`,
      bad,
    )
  const said = unguardFormula(cells[phoneAt] ?? '')
  const phone = readValuePhone(said)
  if ('problem' in phone) return refuse(phone.problem, said)
  const values = columns.flatMap(({ name }, at) => {
    const text = unguardFormula(cells[at] ?? '').trim()
    return at === phoneAt || text === '' ? [] : [[name, text] as const]
  })
  return { ...phone, values: Object.fromEntries(values) }
}
