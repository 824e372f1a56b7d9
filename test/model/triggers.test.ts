import { foldUtterance, judgeTrigger, keywordProblem, triggerSchema } from '../../src/model/triggers.ts'

const scope = { contact: { tags: ['vip'] }, vars: {}, event: { amount: 5 }, nowMs: 0 }
const judge = (trigger: object, stimulus: Parameters<typeof judgeTrigger>[1]) =>
  judgeTrigger(triggerSchema.parse(trigger), stimulus, scope)
const say = (text: string, keywords: string[], match = 'exact') =>
  judge({ type: 'user-utterance', keywords, match }, { type: 'user-utterance', text }).matched

test.each([
  ['Hello!', ['hello'], 'exact', true],
  ['  HELLO … ', ['bye', 'hello'], 'exact', true],
  ['hello there', ['hello'], 'exact', false],
  ['ＨＥＬＬＯ', ['hello'], 'exact', true],
  ['well, hello there', ['hello'], 'contains', true],
  ['othello', ['hello'], 'contains', false],
  ['start-now please', ['start now'], 'contains', true],
  ['naïve café', ['café'], 'contains', true],
  ['order 123', ['^order \\d+$'], 'regex', true],
  ['no order', ['^order \\d+$'], 'regex', false],
])('%j against %j (%s): %s', (text, keywords, match, expected) => {
  expect(say(text, keywords, match)).toBe(expected)
})

test('a pattern sees only the beginning of a long text', () => {
  expect(say('x'.repeat(600) + 'hello', ['hello'], 'regex')).toBe(false)
})

test('the verdict says why, in words', () => {
  const event = { type: 'custom-event' as const, event: 'paid' }
  const condition = { kind: 'compare', path: 'event.amount', operator: 'greater', value: 10 }
  expect(judge({ type: 'custom-event', event: 'paid' }, event)).toEqual({
    matched: true,
    reason: 'the event is paid',
  })
  expect(judge({ type: 'custom-event', event: 'paid', condition }, event)).toEqual({
    matched: false,
    reason: "the event is paid, but the trigger's condition does not hold",
  })
  expect(judge({ type: 'custom-event', event: 'sent' }, event).reason).toBe('the event is paid, not sent')
  expect(judge({ type: 'api' }, { type: 'manual' }).reason).toBe('the trigger is api, this was manual')
  expect(judge({ type: 'manual' }, { type: 'manual' })).toEqual({
    matched: true,
    reason: 'started by manual',
  })
})

test('patterns that do not compile or may not end are named', () => {
  const problem = (keyword: string) =>
    keywordProblem(triggerSchema.parse({ type: 'user-utterance', match: 'regex', keywords: [keyword] }))
  expect(problem('(')).toMatch(/no regular expression/)
  expect(problem('(a+)+')).toMatch(/for ever/)
  expect(problem('(a|b)c+')).toBeUndefined()
  expect(keywordProblem(triggerSchema.parse({ type: 'user-utterance', keywords: ['('] }))).toBeUndefined()
})

test('an utterance is folded for comparison', () => {
  expect(foldUtterance('  Guten \n TAG ?! ')).toBe('guten tag')
})
