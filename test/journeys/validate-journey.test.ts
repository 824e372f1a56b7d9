import { checkJourney, validateJourney } from '../../src/journeys/validate-journey.ts'
import { welcomeDefinition } from '../support/welcome.ts'

type Change = (draft: Draft) => void
interface Draft {
  start: string
  cards: Record<string, { type: string; settings: Record<string, unknown>; next: Record<string, unknown> }>
  triggers: Record<string, unknown>[]
  entry: Record<string, unknown>
}

/** A right journey: a question, two answers, a jump back. */
function draft(change: Change = () => {}): Draft {
  const value: Draft = {
    start: 'ask',
    cards: {
      ask: {
        type: 'interactive-message',
        settings: { body: 'Well?', buttons: [{ id: 'yes', title: 'Yes' }] },
        next: { 'button:yes': 'great', other: 'again', timeout: 'great', failed: null },
      },
      great: { type: 'message', settings: { text: 'Great' }, next: {} },
      again: { type: 'go-to', settings: { card: 'ask' }, next: {} },
    },
    triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
    entry: {},
  }
  change(value)
  return value
}

const card = (value: Draft, id: string) => {
  const found = value.cards[id]
  if (!found) throw new Error(`no card ${id}`)
  return found
}

test('a right journey has no problem', () => {
  expect(validateJourney(draft())).toEqual([])
  expect(validateJourney(welcomeDefinition()).filter(({ severity }) => severity === 'error')).toEqual([])
})

test.each<[string, Change, { card?: string; field: string; message: RegExp }]>([
  [
    'a start that is not there',
    (d) => (d.start = 'nowhere'),
    { field: 'start', message: /no card "nowhere"/ },
  ],
  [
    'an unknown type',
    (d) => (card(d, 'great').type = 'telegram'),
    { card: 'great', field: 'cards.great.type', message: /no card of type/ },
  ],
  [
    'a setting that is missing',
    (d) => (card(d, 'great').settings = {}),
    { card: 'great', field: 'cards.great.settings.text', message: /required/ },
  ],
  [
    'a setting beyond its limit',
    (d) => (card(d, 'ask').settings['buttons'] = [{ id: 'yes', title: 'x'.repeat(21) }]),
    { card: 'ask', field: 'cards.ask.settings.buttons.0.title', message: /20/ },
  ],
  [
    "what a card's own check finds",
    (d) => {
      card(d, 'ask').settings['buttons'] = []
      card(d, 'ask').next = {}
    },
    { card: 'ask', field: 'cards.ask.settings.buttons', message: /1 to 3/ },
  ],
  [
    'a jump to nowhere',
    (d) => (card(d, 'again').settings['card'] = 'gone'),
    { card: 'again', field: 'cards.again.settings.card', message: /no card "gone"/ },
  ],
  [
    'a connection to nowhere',
    (d) => (card(d, 'great').next['next'] = 'gone'),
    { card: 'great', field: 'cards.great.next.next', message: /no card "gone"/ },
  ],
  [
    'an outlet that the card does not have',
    (d) => (card(d, 'ask').next['button:maybe'] = 'great'),
    { card: 'ask', field: 'cards.ask.next.button:maybe', message: /no outlet/ },
  ],
  [
    'a pattern that is none',
    (d) => (d.triggers = [{ type: 'user-utterance', match: 'regex', keywords: ['('] }]),
    { field: 'triggers.0.keywords', message: /no regular expression/ },
  ],
  [
    'a pattern that may run for ever',
    (d) => (d.triggers = [{ type: 'user-utterance', match: 'regex', keywords: ['(a+)+$'] }]),
    { field: 'triggers.0.keywords', message: /for ever/ },
  ],
  [
    'a trigger of no type we have',
    (d) => (d.triggers = [{ type: 'telepathy' }]),
    { field: 'triggers.0.type', message: /./ },
  ],
  [
    'an entry rule without its number',
    (d) => (d.entry = { reentry: 'every-n-days' }),
    { field: 'entry.days', message: /how many days/ },
  ],
])('%s is an error that names its place', (_what, change, problem) => {
  const { problems, definition } = checkJourney(draft(change))
  expect(definition).toBeUndefined()
  expect(problems).toContainEqual({
    severity: 'error',
    ...problem,
    message: expect.stringMatching(problem.message) as string,
  })
})

test.each<[string, Change, { card?: string; field: string; message: RegExp }]>([
  [
    'a card that nothing leads to',
    (d) => (d.cards['lost'] = { type: 'message', settings: { text: 'x' }, next: {} }),
    { card: 'lost', field: 'cards.lost', message: /no way leads/ },
  ],
  [
    'a way out that leads nowhere',
    (d) => delete card(d, 'ask').next['timeout'],
    { card: 'ask', field: 'cards.ask.next.timeout', message: /ends there/ },
  ],
  [
    'a journey that nothing starts',
    (d) => (d.triggers = []),
    { field: 'triggers', message: /nothing can start/ },
  ],
  [
    'a placeholder that may stay empty',
    (d) => (card(d, 'great').settings['text'] = 'Hi {{contact.first_name}}'),
    { card: 'great', field: 'cards.great.settings.text', message: /give a fallback/ },
  ],
  [
    'a placeholder of no known root',
    (d) => (card(d, 'great').settings['text'] = 'Hi {{first_name}}'),
    { card: 'great', field: 'cards.great.settings.text', message: /begin with contact/ },
  ],
])('%s is a warning, and may be published', (_what, change, problem) => {
  const { problems, definition } = checkJourney(draft(change))
  expect(definition).toBeDefined()
  expect(problems).toEqual([
    { severity: 'warning', ...problem, message: expect.stringMatching(problem.message) as string },
  ])
})

test('all errors are named at once', () => {
  const problems = validateJourney(
    draft((d) => {
      d.start = 'nowhere'
      card(d, 'great').settings = {}
      card(d, 'again').type = 'telegram'
    }),
  )
  expect(problems.map(({ field }) => field)).toEqual([
    'start',
    'cards.great.settings.text',
    'cards.again.type',
  ])
})

test.each([
  null,
  7,
  'text',
  [],
  {},
  { start: 'a' },
  { start: 'a', cards: { a: 1 } },
  { start: '', cards: {} },
])('what is no journey at all is refused: %j', (value) => {
  const problems = validateJourney(value)
  expect(problems.length).toBeGreaterThan(0)
  for (const { field, message } of problems)
    expect([typeof field, message.length > 0]).toEqual(['string', true])
})

test('a version holds every default', () => {
  const { definition } = checkJourney(draft())
  expect(definition).toMatchObject({
    messageClass: 'utility',
    entry: { reentry: 'while-not-inside' },
    triggers: [{ match: 'exact' }],
    cards: { ask: { settings: { timeout: { amount: 24, unit: 'hours' } } } },
  })
})

/** The same condition at each place where a journey takes one. */
function withCondition(condition: Record<string, unknown>): Draft {
  return draft((value) => {
    value.triggers = [{ type: 'manual', condition }]
    value.cards['great'] = {
      type: 'run-if',
      settings: {
        branches: [
          { id: 'a', condition: { kind: 'spam' } },
          { id: 'b', condition },
        ],
      },
      next: {},
    }
    value.cards['again'] = {
      type: 'time-delay',
      settings: {
        delay: { mode: 'until', at: '2027-01-01T00:00:00Z' },
        event: { name: 'paid', condition },
      },
      next: {},
    }
  })
}

const errorFields = (value: Draft) =>
  validateJourney(value)
    .filter(({ severity }) => severity === 'error')
    .map(({ field }) => field)

test.each<Record<string, unknown>>([
  { kind: 'window' },
  { kind: 'segment', segmentId: '0190b6a0-0000-7000-8000-000000000000' },
  { kind: 'last-message', status: 'read' },
  { kind: 'event', event: 'order_placed', performed: true, window: { last: { amount: 30, unit: 'days' } } },
])('wherever a journey takes a condition it may look at what lies behind a contact: $kind', (condition) => {
  expect(errorFields(withCondition({ kind: 'not', condition }))).toEqual([])
})

test('a condition that could never be judged is named at each place', () => {
  const condition = { kind: 'not', condition: { kind: 'last-seen', operator: 'within' } }
  expect(errorFields(withCondition(condition))).toEqual([
    'triggers.0.condition.condition.period',
    'cards.great.settings.branches.1.condition.condition.period',
    'cards.again.settings.event.condition.condition.period',
  ])
})

test.each<[Record<string, unknown>, string[]]>([
  [{ path: 'event.amount', operator: 'greater', value: 'much' }, ['value']],
  [{ path: 'vars.city', operator: 'equals' }, ['value']],
  [{ path: 'contact.last_order_at', operator: 'within-last' }, ['period']],
  [{ path: 'event.amount', operator: 'greater', value: '{{vars.limit}}' }, []],
  [{ path: 'vars.city', operator: 'exists' }, []],
])('a comparison must have something to compare with, or a text that says it: %j', (comparison, lacks) => {
  const places = ['triggers.0.condition', 'cards.great.settings.branches.1.condition']
  const fields = errorFields(withCondition({ kind: 'compare', ...comparison }))
  expect(fields.filter((field) => !field.startsWith('cards.again'))).toEqual(
    places.flatMap((place) => lacks.map((name) => `${place}.${name}`)),
  )
})
