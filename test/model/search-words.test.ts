import { markFragment, readTerms, toHeadline } from '../../src/model/search-words.ts'

test('words, phrases, beginnings and what must not be there', () => {
  expect(readTerms('late "red shoes" deliv* -refund -"not this')).toEqual([
    { text: 'late', isPrefix: false, isNegated: false },
    { text: 'red shoes', isPrefix: false, isNegated: false },
    { text: 'deliv', isPrefix: true, isNegated: false },
    { text: 'refund', isPrefix: false, isNegated: true },
    { text: 'not this', isPrefix: false, isNegated: true },
  ])
  expect(readTerms('  -  ** "" ?!')).toEqual([])
  expect(readTerms('a '.repeat(50))).toHaveLength(10)
})

test('a headline is text with marks, whatever the text holds', () => {
  expect(toHeadline('<b>\u0002red\u0003</b> & "so"')).toBe(
    '&#60;b&#62;<mark>red</mark>&#60;/b&#62; &#38; &#34;so&#34;',
  )
})

test('a fragment is marked wherever it is, with some words around it', () => {
  expect(toHeadline(markFragment('Shoes (RED) and red ones', '(red)'))).toBe(
    'Shoes <mark>(RED)</mark> and red ones',
  )
  const long = markFragment(`${'x '.repeat(100)}needle${' y'.repeat(100)}`, 'eedl')
  expect(toHeadline(long)).toMatch(/^…[x ]+n<mark>eedl<\/mark>e[ y]+…$/)
  expect(toHeadline(markFragment('\u0002<script>\u0003', 'script'))).toBe('&#60;<mark>script</mark>&#62;')
})
