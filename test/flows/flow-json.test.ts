import { checkFlowJson } from '../../src/model/flow-json.ts'
import { answerExchange, checkMapping, flowMappingSchema } from '../../src/model/flow-mapping.ts'
import { bookingFlow, exchangeFlow } from './flow-examples.ts'

type Loose = Record<string, never>
const places = (flow: unknown) => checkFlowJson(flow).map(({ path }) => path.join('.'))
/** A copy with one place changed; undefined takes it away. */
function changed(flow: object, path: string, value: unknown): object {
  const copy = structuredClone(flow)
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  let at = copy as Loose
  for (const step of steps) at = at[step] as unknown as Loose
  Object.assign(at, { [last]: value })
  return JSON.parse(JSON.stringify(copy)) as object
}
const child = 'screens.0.layout.children'
const words = (length: number) => 'x'.repeat(length)
const component = (value: object) => changed(bookingFlow, `${child}.1`, value)
const options = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `${at}`, title: `${at}` }))

test('right ones pass, with and without an endpoint', () => {
  expect(places(bookingFlow)).toEqual([])
  expect(places(exchangeFlow)).toEqual([])
})

test.each<[string, unknown, string]>([
  ['nothing', 'nonsense', 'version'],
  ['no version', changed(bookingFlow, 'version', undefined), 'version'],
  ['a wrong version', changed(bookingFlow, 'version', 'seven'), 'version'],
  ['no screens', { version: '7.0', screens: [] }, 'screens'],
  ['no terminal screen', changed(bookingFlow, 'screens.1.terminal', false), 'screens'],
  ['the same id twice', changed(bookingFlow, 'screens.1.id', 'BOOK'), 'screens.1.id'],
  ['digits in an id', changed(bookingFlow, 'screens.0.id', 'BOOK1'), 'screens.0.id'],
  ['the reserved id', changed(bookingFlow, 'screens.1.id', 'SUCCESS'), 'screens.1.id'],
  ['another layout', changed(bookingFlow, 'screens.0.layout.type', 'Grid'), 'screens.0.layout.type'],
  ['no components', changed(bookingFlow, child, []), child],
  [
    'a terminal screen without a footer',
    changed(bookingFlow, 'screens.1.layout.children', [{ type: 'TextBody', text: 'a' }]),
    'screens.1.layout.children',
  ],
  ['an unknown component', component({ type: 'Slider' }), `${child}.1.type`],
  ['a missing property', component({ type: 'TextInput', label: 'a' }), `${child}.1.name`],
  ['a heading of 81', component({ type: 'TextHeading', text: words(81) }), `${child}.1.text`],
  ['a label of 21', component({ type: 'TextInput', name: 'a', label: words(21) }), `${child}.1.label`],
  ['a footer of 36', changed(bookingFlow, `${child}.2.label`, words(36)), `${child}.2.label`],
  [
    '21 options',
    component({ type: 'RadioButtonsGroup', name: 'a', label: 'a', 'data-source': options(21) }),
    `${child}.1.data-source`,
  ],
  [
    '201 options',
    component({ type: 'Dropdown', name: 'a', label: 'a', 'data-source': options(201) }),
    `${child}.1.data-source`,
  ],
  [
    'an option id twice',
    component({ type: 'Dropdown', name: 'a', label: 'a', 'data-source': [...options(1), ...options(1)] }),
    `${child}.1.data-source.1.id`,
  ],
  [
    'two footers',
    component({ type: 'Footer', label: 'a', 'on-click-action': { name: 'complete' } }),
    `${child}.2`,
  ],
  [
    '51 components',
    changed(
      bookingFlow,
      child,
      Array.from({ length: 51 }, () => ({ type: 'TextBody', text: 'a' })),
    ),
    `${child}.50`,
  ],
  [
    'a way to nowhere',
    changed(bookingFlow, `${child}.2.on-click-action.next.name`, 'LOST'),
    `${child}.2.on-click-action.next.name`,
  ],
  [
    'an exchange without an endpoint',
    changed(bookingFlow, `${child}.2.on-click-action`, { name: 'data_exchange' }),
    `${child}.2.on-click-action.name`,
  ],
  [
    'an end in the middle',
    changed(bookingFlow, `${child}.2.on-click-action`, { name: 'complete' }),
    `${child}.2.on-click-action.name`,
  ],
  ['another data API', changed(exchangeFlow, 'data_api_version', '2.0'), 'data_api_version'],
  ['no routing model', changed(exchangeFlow, 'routing_model', undefined), 'routing_model'],
  ['a route from nowhere', changed(exchangeFlow, 'routing_model.LOST', []), 'routing_model.LOST'],
  ['a route to nowhere', changed(exchangeFlow, 'routing_model.BOOK', ['LOST']), 'routing_model.BOOK.0'],
  [
    'a route to itself',
    changed(exchangeFlow, 'routing_model.BOOK', ['BOOK', 'CONFIRM']),
    'routing_model.BOOK.0',
  ],
  ['a route back', changed(exchangeFlow, 'routing_model.CONFIRM', ['BOOK']), 'routing_model.CONFIRM.0'],
  ['a route that never ends', changed(exchangeFlow, 'routing_model.BOOK', []), 'routing_model.BOOK'],
])('%s is found at its place', (_what, flow, place) => {
  expect(places(flow)).toContain(place)
})

test('a field with its name taken, inside a form too; branches may repeat', () => {
  const input = { type: 'TextInput', name: 'seats', label: 'a' }
  const form = { type: 'Form', name: 'form', children: [input] }
  expect(places(changed(bookingFlow, `${child}.0`, form))).toEqual([`${child}.1.name`])
  // oxlint-disable-next-line unicorn/no-thenable -- Flow JSON calls the branch so
  const branch = { type: 'If', condition: '${data.x}', then: [input], else: [input] }
  expect(places(changed(bookingFlow, `${child}.0`, branch))).toEqual([])
  // oxlint-disable-next-line unicorn/no-thenable
  const wrongInside = { ...branch, then: [{ type: 'Slider' }] }
  expect(places(changed(bookingFlow, `${child}.0`, wrongInside))).toEqual([`${child}.0.then.0.type`])
})

const mapping = flowMappingSchema.parse({
  start: 'BOOK',
  screens: {
    BOOK: {
      data: {
        name: '{{contact.first_name | "you"}}',
        days: '{{contact.attributes.days}}',
        fixed: [1, { a: true }],
      },
      next: [
        { when: { kind: 'compare', path: 'vars.form.seats', operator: 'greater', value: 8 }, screen: 'CALL' },
        {
          when: { kind: 'compare', path: 'vars.form.seats', operator: 'greater', value: 0 },
          screen: 'CONFIRM',
          data: { note: 'For {{form.seats}}' },
        },
      ],
      error: 'How many are you?',
    },
    CONFIRM: {
      data: { seats: '{{form.seats}}' },
      next: [{ screen: 'SUCCESS', data: { by: '{{contact.id}}' } }],
    },
    CALL: {},
  },
})
const contact = { id: 'c1', first_name: 'Ann', attributes: { days: [{ id: '1', title: 'Monday' }] } }
const ask = (action: string, screen: string | undefined, data: object = {}) =>
  answerExchange(mapping, { action, screen, data: data as never, token: 't' }, { contact, nowMs: 0 })

test('an endpoint without code: first screen, ways by condition, back, and the end', () => {
  const first = { name: 'Ann', days: [{ id: '1', title: 'Monday' }], fixed: [1, { a: true }] }
  expect(ask('INIT', undefined)).toEqual({ screen: 'BOOK', data: first })
  expect(ask('data_exchange', 'BOOK', { seats: '2' })).toEqual({
    screen: 'CONFIRM',
    data: { seats: '2', note: 'For 2' },
  })
  expect(ask('data_exchange', 'BOOK', { seats: '9' })).toEqual({ screen: 'CALL', data: {} })
  expect(ask('data_exchange', 'BOOK', { seats: '' })).toEqual({
    screen: 'BOOK',
    data: { ...first, error_message: 'How many are you?' },
  })
  expect(ask('BACK', 'BOOK')).toEqual({ screen: 'BOOK', data: first })
  expect(ask('data_exchange', 'CONFIRM', { seats: '2' })).toEqual({
    screen: 'SUCCESS',
    data: { extension_message_response: { params: { seats: '2', by: 'c1', flow_token: 't' } } },
  })
  expect(ask('data_exchange', 'CALL')).toMatchObject({
    screen: 'CALL',
    data: { error_message: expect.any(String) as string },
  })
  expect(ask('data_exchange', '__proto__')).toMatchObject({
    data: { error_message: expect.any(String) as string },
  })
})

test('a mapping names only screens that are there', () => {
  expect(checkMapping(mapping, ['BOOK', 'CONFIRM', 'CALL'])).toEqual([])
  expect(checkMapping(mapping, ['BOOK', 'CONFIRM']).map(([field]) => field)).toEqual([
    'screens.BOOK.next.0.screen',
    'screens.CALL',
  ])
  expect(
    checkMapping({ ...mapping, start: 'LOST' }, ['BOOK', 'CONFIRM', 'CALL']).map(([field]) => field),
  ).toEqual(['start'])
})
