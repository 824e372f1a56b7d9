import { validateJourney } from '../../src/journeys/validate-journey.ts'

const id = '0190a8f0-0000-7000-8000-000000000001'
const link = 'https://example.com/a.jpg'
const x = (length: number) => 'x'.repeat(length)
const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))
const buttons = (count: number) => many(count, (at) => ({ id: `b${at}`, title: `Button ${at}` }))
const rows = (count: number, from = 0) => many(count, (at) => ({ id: `r${from + at}`, title: `Row ${at}` }))
const products = (count: number, from = 0) => many(count, (at) => `sku-${from + at}`)

/** The fields that keep a journey with this one card from being published. */
function refused(type: string, settings: object): string[] {
  const problems = validateJourney({
    start: 'it',
    cards: { it: { type, settings } },
    triggers: [{ type: 'api' }],
  })
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ field }) => field.replace('cards.it.settings.', ''))
}

const interactive = { body: 'Well?', buttons: buttons(1) }
const list = { body: 'Which?', button: 'Choose', sections: [{ rows: rows(1) }] }
const flow = { flow: '123', body: 'Please', button: 'Open' }
const shop = { catalog: id, header: 'Shop', body: 'Look', sections: [{ products: products(1) }] }
const page = { body: 'Look', button: 'Open', url: 'https://example.com' }
const question = { question: 'Well?', variable: 'answer' }

/** What WhatsApp takes at most, and the least that is too much. */
test.each<[string, object, (size: number) => object, number, string]>([
  ['message', {}, (n) => ({ text: x(n) }), 4_096, 'text'],
  ['image', { media: { link } }, (n) => ({ caption: x(n) }), 1_024, 'caption'],
  ['video', { media: { link } }, (n) => ({ caption: x(n) }), 1_024, 'caption'],
  ['document', { media: { link } }, (n) => ({ caption: x(n) }), 1_024, 'caption'],
  ['document', { media: { link } }, (n) => ({ filename: x(n) }), 240, 'filename'],
  ['interactive-message', interactive, (n) => ({ body: x(n) }), 1_024, 'body'],
  ['interactive-message', interactive, (n) => ({ footer: x(n) }), 60, 'footer'],
  ['interactive-message', interactive, (n) => ({ header: { type: 'text', text: x(n) } }), 60, 'header.text'],
  ['interactive-message', interactive, (n) => ({ buttons: buttons(n) }), 3, 'buttons'],
  [
    'interactive-message',
    interactive,
    (n) => ({ buttons: [{ id: 'a', title: x(n) }] }),
    20,
    'buttons.0.title',
  ],
  [
    'interactive-message',
    { body: 'Look' },
    (n) => ({ url: { title: x(n), url: 'https://example.com' } }),
    20,
    'url.title',
  ],
  ['interactive-message', { body: 'Talk?' }, (n) => ({ call: { title: x(n) } }), 20, 'call.title'],
  ['list-message', list, (n) => ({ body: x(n) }), 4_096, 'body'],
  ['list-message', list, (n) => ({ header: x(n) }), 60, 'header'],
  ['list-message', list, (n) => ({ footer: x(n) }), 60, 'footer'],
  ['list-message', list, (n) => ({ button: x(n) }), 20, 'button'],
  ['list-message', list, (n) => ({ sections: [{ rows: rows(n) }] }), 10, 'sections.0.rows'],
  [
    'list-message',
    list,
    (n) => ({
      sections: [
        { title: 'A', rows: rows(5) },
        { title: 'B', rows: rows(n - 5, 5) },
      ],
    }),
    10,
    'sections',
  ],
  [
    'list-message',
    list,
    (n) => ({ sections: [{ rows: [{ id: 'a', title: x(n) }] }] }),
    24,
    'sections.0.rows.0.title',
  ],
  [
    'list-message',
    list,
    (n) => ({ sections: [{ rows: [{ id: 'a', title: 'A', description: x(n) }] }] }),
    72,
    'sections.0.rows.0.description',
  ],
  ['list-message', list, (n) => ({ sections: [{ title: x(n), rows: rows(1) }] }), 24, 'sections.0.title'],
  ['interactive-flow', flow, (n) => ({ body: x(n) }), 1_024, 'body'],
  ['interactive-flow', flow, (n) => ({ button: x(n) }), 20, 'button'],
  ['url', page, (n) => ({ button: x(n) }), 20, 'button'],
  ['url', page, (n) => ({ body: x(n) }), 1_024, 'body'],
  ['single-product', { catalog: id, product: 'sku' }, (n) => ({ body: x(n) }), 1_024, 'body'],
  ['send-catalog', { catalog: id, body: 'Look' }, (n) => ({ footer: x(n) }), 60, 'footer'],
  ['multi-product', shop, (n) => ({ header: x(n) }), 60, 'header'],
  ['multi-product', shop, (n) => ({ sections: [{ products: products(n) }] }), 30, 'sections.0.products'],
  [
    'multi-product',
    shop,
    (n) => ({
      sections: [
        { title: 'A', products: products(20) },
        { title: 'B', products: products(n - 20, 20) },
      ],
    }),
    30,
    'sections',
  ],
  [
    'multi-product',
    shop,
    (n) => ({ sections: many(n, (at) => ({ title: `S${at}`, products: products(1, at) })) }),
    10,
    'sections',
  ],
  ['provide-address', { body: 'Where?' }, (n) => ({ body: x(n) }), 1_024, 'body'],
  ['phraser', {}, (n) => ({ phrasings: ['Hi', x(n)] }), 4_096, 'phrasings.1'],
  ['user-input', question, (n) => ({ question: x(n) }), 4_096, 'question'],
  ['user-input', question, (n) => ({ answer: 'choice', choices: [x(n)] }), 20, 'choices.0'],
])('%s %j: at the limit it is published, past it refused by name', (type, settings, make, limit, field) => {
  expect(refused(type, { ...settings, ...make(limit) })).toEqual([])
  expect(refused(type, { ...settings, ...make(limit + 1) })).toEqual([field])
})

test.each<[string, object, string]>([
  ['message', { text: ' \n' }, 'text'],
  ['interactive-message', { ...interactive, body: ' ' }, 'body'],
  ['interactive-message', { ...interactive, buttons: [{ id: 'a', title: ' ' }] }, 'buttons.0.title'],
  ['list-message', { ...list, button: ' ' }, 'button'],
  [
    'user-input',
    { ...question, reminder: { after: { amount: 1, unit: 'hours' }, text: ' ' } },
    'reminder.text',
  ],
  ['interactive-message', { ...interactive, buttons: [] }, 'buttons'],
  ['interactive-message', { ...interactive, url: { title: 'Open', url: 'https://example.com' } }, 'buttons'],
  ['interactive-message', { ...interactive, variable: '__proto__' }, 'variable'],
  ['list-message', { ...list, sections: [{ rows: [...rows(1), ...rows(1)] }] }, 'sections'],
  [
    'list-message',
    { ...list, sections: [{ rows: rows(1) }, { title: 'B', rows: rows(1, 1) }] },
    'sections.0.title',
  ],
  ['image', { media: {} }, 'media'],
  ['image', { media: { link, library: id } }, 'media'],
  ['image', { media: { link: 'javascript:alert(1)' } }, 'media.link'],
  ['url', { ...page, url: 'ftp://example.com' }, 'url'],
  ['interactive-flow', { ...flow, button: 'Open 📋' }, 'button'],
  ['interactive-flow', { ...flow, data: { a: 1 } }, 'screen'],
  ['user-input', { ...question, answer: 'regex', pattern: '.*.*.*x' }, 'pattern'],
  ['user-input', { ...question, attribute: '__proto__' }, 'attribute'],
  ['setup-attribute', { assignments: [{ name: '__proto__', value: 1 }] }, 'assignments.0.name'],
])('%s %j is refused, by its field', (type, settings, field) => {
  expect(refused(type, settings)).toEqual([field])
})
