import { patternProblem } from '../../src/model/patterns.ts'

test.each([
  '^order \\d+$',
  '(a|b)c+',
  'colou?r',
  '(?:yes)+',
  '[(+*)|]+',
  '\\(a+\\)+',
  '(?<n>\\d)+',
  '(a+)?',
  'x{2,3}',
])('%s may be used', (pattern) => {
  expect(patternProblem(pattern, 'u')).toBeUndefined()
})

test.each(['(a+)+$', '((a+))+$', '(a|a)*b', '(?:a*)*', '((a|b)c){2,}', '(?<n>x{1,9})+', '(\\d+,?)*$'])(
  '%s may run for ever',
  (pattern) => {
    expect(patternProblem(pattern, 'u')).toMatch(/for ever/)
  },
)

test.each(['(', '[z-a]', '\\', '(?<n'])('%s is none', (pattern) => {
  expect(patternProblem(pattern, 'u')).toMatch(/no regular expression/)
})
