import { patternDegree } from '../../src/model/pattern-cost.ts'
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

test.each([
  ['.*.*.*x', 4],
  ['^.*.*.*x', 3],
  ['.*a.*b.*c', 4],
  ['a{1,200}a{1,200}a{1,200}b', 4],
  ['\\d*\\s*\\d*\\s*\\d*x', 4],
  ['(?:aa)*(?:aa)*(?:aa)*x', 4],
  ['(?:.*x)?(?:.*y)?(?:.*z)?w', 4],
  ['(?:a.*|b.*)(?:c.*|d.*)e.*f', 4],
  ['.*order.*status.*', 3],
  ['^.+@.+\\..+$', 3],
  ['^[^,]*,[^,]*,[^,]*,[^,]*,x', 1],
  ['^\\d+-\\d+-\\d+-\\d+$', 1],
  ['\\w+\\s+\\w+\\s+\\w+\\s+\\w+$', 2],
  ['^[A-Z]{3}$', 0],
])('the time of %s grows with the text to the power of %s at most', (pattern, degree) => {
  expect(patternDegree(pattern, 'u')).toBe(degree)
  const problem = patternProblem(pattern, 'u')
  if (degree > 3) expect(problem).toMatch(/very long/)
  else expect(problem).toBeUndefined()
  expect(patternProblem(pattern, 'u', 2) === undefined).toBe(degree <= 2)
})
