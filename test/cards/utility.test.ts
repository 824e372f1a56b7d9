import { createSimulatedTemplates } from '../../src/simulation/simulated-templates.ts'
import { simulateCard } from '../support/simulate-card.ts'

const facts = (trace: { kind: string; data: object }[], kind: string) =>
  trace.filter((fact) => fact.kind === kind).map(({ data }) => data)

test('tags are added and removed, and later cards see them', async () => {
  const added = await simulateCard('tag', { tags: ['vip', '{{vars.plan}}'] }, { vars: { plan: 'gold' } })
  expect(added.outlet).toBe('next')
  expect(facts(added.trace, 'tags.changed')).toEqual([{ added: ['vip', 'gold'], removed: [] }])
  const removed = await simulateCard(
    'tag',
    { mode: 'remove', tags: ['vip'] },
    { contact: { tags: ['vip', 'x'] } },
  )
  expect(facts(removed.trace, 'tags.changed')).toEqual([{ added: [], removed: ['vip'] }])
  expect((await simulateCard('tag', { tags: ['{{vars.none}}'] })).outlet).toBe('failed')
})

test('segments, labels and consent', async () => {
  const id = '0190a000-0000-7000-8000-000000000001'
  const segment = await simulateCard('segment', { segmentIds: [id] })
  expect(facts(segment.trace, 'segment.entered')).toEqual([{ segment: id }])
  const left = await simulateCard('segment', { mode: 'unsubscribe', segmentIds: [id] })
  expect(facts(left.trace, 'segment.left')).toEqual([{ segment: id }])
  const label = await simulateCard('label', { labels: ['urgent'] })
  expect(facts(label.trace, 'labels.changed')).toEqual([{ added: ['urgent'], removed: [] }])
  const dnd = await simulateCard('dnd', { category: 'marketing' })
  expect(dnd.outlet).toBe('next')
  expect(facts(dnd.trace, 'consent.changed')).toEqual([{ state: 'opted_out', category: 'marketing' }])
})

test('a comment does nothing', async () => {
  const { outlet, afterMs, messages } = await simulateCard('comment', { text: 'remember' })
  expect({ outlet, afterMs, messages }).toEqual({ outlet: 'next', afterMs: 0, messages: [] })
})

describe('custom-script', () => {
  const code = 'return {}'
  const returning = (output: object) => ({ answerEffect: () => ({ output: output as { a: 1 } }) })

  test('what it returns becomes variables, all or those that are named', async () => {
    const output = { total: 3, deep: { x: [1, 2] } }
    expect((await simulateCard('custom-script', { code }, returning(output))).vars).toMatchObject(output)
    const outputs = [
      { from: 'deep.x.1', variable: 'second' },
      { from: 'gone', variable: 'gone' },
    ]
    const { vars } = await simulateCard('custom-script', { code, outputs }, returning(output))
    expect(vars).toEqual(expect.objectContaining({ second: 2, gone: null }))
    expect(vars).not.toHaveProperty('total')
  })

  test.each(['__proto__', 'a b', '1st'])('%j is no variable', async (name) => {
    const output = JSON.parse(`{"${name}":1}`) as object
    const { outlet, trace } = await simulateCard('custom-script', { code }, returning(output))
    expect(outlet).toBe('failed')
    expect(facts(trace, 'card.failed')).toEqual([expect.objectContaining({ code: 'script_failed' })])
  })
})

describe('send-template', () => {
  const template = 'order_update'
  const replies = [
    { at: '0', text: 'Yes' },
    { at: '1', text: 'No' },
  ]

  test('without reply buttons it goes on at once', async () => {
    const settings = { template, replies: [], values: { body: { '1': '{{contact.first_name}}' } } }
    const { outlet, messages } = await simulateCard('send-template', settings, { windowOpen: false })
    expect(outlet).toBe('next')
    expect(messages[0]?.content).toMatchObject({
      type: 'template',
      template: { name: template, components: [{ type: 'body', parameters: [{ text: 'Ann' }] }] },
    })
  })

  test.each([
    [{ buttonId: 'button:1' }, 'button:1'],
    [{ text: ' yes ' }, 'button:0'],
    [{ text: 'maybe' }, 'other'],
  ])('%j leaves by %s', async (reply, outlet) => {
    const settings = { template, replies, variable: 'answer' }
    expect(await simulateCard('send-template', settings, { replies: [reply] })).toMatchObject({ outlet })
  })

  test('silence is a time-out, a value that is missing a failure', async () => {
    expect((await simulateCard('send-template', { template, replies })).outlet).toBe('timeout')
    const values = { body: { '1': '{{vars.none}}' } }
    expect((await simulateCard('send-template', { template, replies, values })).outlet).toBe('failed')
  })

  test('its language is the one that suits the contact, of those that are approved', async () => {
    const templates = createSimulatedTemplates([
      { name: template, language: 'en', category: 'UTILITY', status: 'approved' },
      { name: template, language: 'es', category: 'UTILITY', status: 'approved' },
      { name: template, language: 'es_MX', category: 'UTILITY', status: 'paused' },
    ])
    const { messages } = await simulateCard(
      'send-template',
      { template, replies: [] },
      { templates, contact: { language: 'es_MX' } },
    )
    expect(messages[0]?.content).toMatchObject({ template: { language: { code: 'es' } } })
  })

  test('a template that was not frozen is refused before publishing', async () => {
    await expect(simulateCard('send-template', { template })).rejects.toThrow('no approved template')
  })
})
