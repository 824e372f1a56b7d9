import { createHash } from 'node:crypto'
import { createCsvReader, unguardFormula } from '../kit/csv.ts'
import { certificateColumns, linkHash, totalsMark } from './certificate-lines.ts'
import { createTotals, listEquations, type CertificateTotals } from './certificate-totals.ts'

/** What is wrong with a file, or what it proves. */
export type Verdict =
  | { isWhole: true; rows: number; lastHash: string; totals: CertificateTotals }
  | { isWhole: false; line: number; problem: string }

/**
 * Checks a downloaded certificate by itself: every row against its hash and the one before, the totals against the rows, and
 * that they add up. @param lines without their ends
 */
export async function verifyCertificate(lines: AsyncIterable<string> | Iterable<string>): Promise<Verdict> {
  const totals = createTotals()
  let last = createHash('sha256').update('dripline certificate').digest('hex')
  let line = 0
  let said: string | undefined
  for await (const text of lines) {
    line += 1
    const wrong = (problem: string): Verdict => ({ isWhole: false, line, problem })
    if (said !== undefined) return wrong('something follows the totals')
    const cut = text.lastIndexOf(',')
    const body = text.slice(0, cut)
    const hash = linkHash(last, body)
    if (text.slice(cut + 1) !== hash) return wrong('the row does not fit its hash and the row before')
    last = hash
    const cells = readCells(body)
    if (line === 1) {
      if (cells.join() !== certificateColumns.join())
        return wrong('the columns are not those of a certificate')
    } else if (cells[0] === totalsMark) said = cells[1] ?? ''
    else totals.add(cells)
  }
  const result = totals.result()
  if (said === undefined) return { isWhole: false, line, problem: 'the file ends before its totals' }
  if (said !== JSON.stringify(result))
    return {
      isWhole: false,
      line,
      problem: `the rows add up to ${JSON.stringify(result)}, and not to ${said}`,
    }
  const broken = listEquations(result).find(({ holds }) => !holds)
  if (broken)
    return { isWhole: false, line, problem: `${broken.says}: ${broken.left} is not ${broken.right}` }
  return { isWhole: true, rows: result.rows, lastHash: last, totals: result }
}

function readCells(line: string): string[] {
  const reader = createCsvReader({ delimiter: ',', newline: '\n' })
  const [record] = [...reader.push(Buffer.from(line)), ...reader.end()]
  return (record?.cells ?? []).map(unguardFormula)
}
