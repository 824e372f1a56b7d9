import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { createCsvReader, csvLine, detectShape, unguardFormula, type CsvRecord } from '../../src/kit/csv.ts'

const shape = { delimiter: ',', newline: '\n' } as const

function read(text: string, pieceBytes = 1_000_000): CsvRecord[] {
  const bytes = Buffer.from(text)
  const reader = createCsvReader(shape)
  const records: CsvRecord[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes)
    for (const record of reader.push(bytes.subarray(at, at + pieceBytes))) records.push(record)
  return [...records, ...reader.end()]
}

const cell = fc.string({
  unit: fc.constantFrom('a', 'ß', '"', ',', '\n', '\r\n', ' ', '=', "'", '🙂'),
  maxLength: 8,
})
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })

test('what others write is read as others read it, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, pieceBytes) => {
      const text = stringify(rows)
      expect(read(text, pieceBytes).map(({ cells }) => cells)).toEqual(
        parse(text, { relax_column_count: true }),
      )
    }),
  )
})

test('what we write is read back, formulas disarmed and armed again', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const text = rows.map((row) => csvLine(row)).join('')
      const back = parse(text, { relax_column_count: true })
      for (const at of back.flat()) expect(at).not.toMatch(/^=/)
      expect(back.map((row) => row.map(unguardFormula))).toEqual(rows.map((row) => row.map(unguardFormula)))
    }),
  )
})

test('every record says where it lies', () => {
  const text = 'a,b\n"x\ny",2\nß,3'
  const spans = read(text, 3).map(({ startsAt, bytes }) =>
    Buffer.from(text).toString('utf8', startsAt, startsAt + bytes),
  )
  expect(spans).toEqual(['a,b\n', '"x\ny",2\n', 'ß,3'])
})

test('a quote that is never closed costs its own line', () => {
  const found = read('a,b\n"open,1\nc,d\n"e"f,2\ng,"h"')
  expect(found.map(({ cells, problem }) => problem ?? cells)).toEqual([
    ['a', 'b'],
    'text follows a closing quote',
    ['c', 'd'],
    'text follows a closing quote',
    ['g', 'h'],
  ])
  const far = read(`"never\n${'1,2\n'.repeat(400_000)}`, 65_536)
  expect(far).toHaveLength(400_001)
  expect(far[0]?.problem).toBe('a quote is opened and never closed')
})

test('a line of megabytes is one refused record, and is not kept', () => {
  const found = read(`a,b\n${'x'.repeat(3_000_000)}\nc,d\n`, 65_536)
  expect(found.map(({ cells, problem }) => problem ?? cells)).toEqual([
    ['a', 'b'],
    'the row is longer than 1 MB',
    ['c', 'd'],
  ])
  expect(found[1]).toMatchObject({ startsAt: 4, bytes: 3_000_001 })
})

test('numbers keep their sign, whatever else could be a formula gets an apostrophe', () => {
  const cells = ['+4915112345678', '-5', '+1-2', '@x', '\tx', '＝1', '=1']
  expect(csvLine(cells)).toBe(`+4915112345678,-5,'+1-2,'@x,'\tx,'＝1,'=1\r\n`)
})

test('delimiters and line ends are told apart', () => {
  expect(detectShape('a;b,c;d\n1;2,3;4\n')).toEqual({ delimiter: ';', newline: '\n' })
  expect(detectShape('a\tb\r1\t2\r')).toEqual({ delimiter: '\t', newline: '\r' })
  expect(detectShape('phone\n1\n')).toEqual({ delimiter: ',', newline: '\n' })
})
