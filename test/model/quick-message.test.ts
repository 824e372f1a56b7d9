import {
  fromQuickTemplate,
  quickFieldOf,
  quickMessageProblems,
  toQuickTemplate,
  type QuickButton,
} from '../../src/model/quick-message.ts'

const linkBase = 'https://drip.example.com/l/'
const of = (message: string, buttons: QuickButton[] = []) => toQuickTemplate({ message, buttons, linkBase })

test.each([
  ['Hello, {users.first_name}!', 'Hello, {{1}}!', ['groups.users.first_name']],
  ['{a.b} and {c.d} and {a.b} again', '{{1}} and {{2}} and {{1}} again', ['groups.a.b', 'groups.c.d']],
  ['My message {} and {word} and { } stay', 'My message {} and {word} and { } stay', []],
  ['Dear {My users.First name}', 'Dear {{1}}', ['groups.My_users.First_name']],
])('%s', (message, text, paths) => {
  const { components, values } = of(message)
  expect(components[0]).toMatchObject({ type: 'BODY', text })
  expect(Object.values(values.body ?? {})).toEqual(paths.map((path) => `{{${path}}}`))
  expect(fromQuickTemplate(text, values.body)).toBe(
    message.replace('My users.First name', 'My_users.First_name'),
  )
})

const input: QuickButton = { type: 'input', text: 'Yes', input: 'yes' }
const journey: QuickButton = { type: 'journey', text: 'Start', journeyId: 'j' }
const phone: QuickButton = { type: 'phone', text: 'Call', phoneNumber: '+4930123456' }
const url = (to: string): QuickButton => ({ type: 'url', text: 'Go', url: to })

test('quick replies stand together, and their actions at the places where they came to stand', () => {
  const { components, actions } = of('Hi there', [input, url('https://example.com'), journey])
  expect(components[1]).toMatchObject({ buttons: [{ text: 'Yes' }, { text: 'Start' }, { text: 'Go' }] })
  expect(actions).toEqual([
    { type: 'input', index: 0, input: 'yes' },
    { type: 'journey', index: 1, journeyId: 'j' },
  ])
})

test.each<[string, object, object, object[]]>([
  ['https://example.com/a', { url: 'https://example.com/a' }, {}, []],
  [
    'https://pay.example.com/{users.link}',
    { url: 'https://pay.example.com/{{1}}', example: ['https://pay.example.com/link'] },
    { '0': { suffix: '{{groups.users.link}}' } },
    [],
  ],
  [
    'https://{users.shop}.example.com/{users.link}',
    { url: `${linkBase}{{1}}` },
    {},
    [{ type: 'url', index: 0, url: 'https://{{groups.users.shop}}.example.com/{{groups.users.link}}' }],
  ],
  [
    '{users.link}',
    { url: `${linkBase}{{1}}` },
    {},
    [{ type: 'url', index: 0, url: '{{groups.users.link}}' }],
  ],
])('the address %s', (to, button, buttons, actions) => {
  const made = of('Hi there', [url(to)])
  expect(made.components[1]).toMatchObject({ buttons: [button] })
  expect(made.values.buttons ?? {}).toEqual(buttons)
  expect(made.actions).toEqual(actions)
})

const problemsOf = (buttons: QuickButton[], message = 'Hi there') =>
  quickMessageProblems({ message, buttons }).map(({ field }) => field)

test('a phone goes together with links only, whatever the order', () => {
  expect(problemsOf([phone, url('https://example.com')])).toEqual([])
  expect(problemsOf([input, journey, url('https://example.com')])).toEqual([])
  expect(problemsOf([input, url('https://example.com'), phone, journey])).toEqual(['buttons.0', 'buttons.3'])
})

test('a number that WhatsApp would take for a variable is refused, and a variable on a button', () => {
  expect(problemsOf([], 'Hi {users.name}, {{1}} and {{ name }} for you')).toEqual(['message', 'message'])
  expect(problemsOf([input, url('https://example.com/{{1}}')])).toEqual(['buttons.1.url'])
  expect(problemsOf([{ ...input, text: 'Hi {users.name}' }])).toEqual(['buttons.0.text'])
  expect(problemsOf([input], 'Hi {} and {word} and {users.name}')).toEqual([])
})

test.each([
  ['components.0.example', 'image'],
  ['components.1.text', 'message'],
  ['components.2.buttons.1.text', 'buttons.2.text'],
  ['components.2.buttons.2.phone_number', 'buttons.1.phoneNumber'],
  ['components.2.buttons.2.example', 'buttons.1.url'],
  ['components.2.buttons', 'buttons'],
  ['parameterFormat', 'parameterFormat'],
])('what is wrong with %s is wrong with %s', (field, named) => {
  const image = { link: 'https://example.com/a.png', handle: '4::sample' }
  const buttons = [input, url('https://example.com'), journey]
  expect(quickFieldOf(toQuickTemplate({ message: 'Hi', buttons, image, linkBase }), field)).toBe(named)
})
