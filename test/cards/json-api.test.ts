import type { JsonObject } from '../../src/model/json.ts'
import { validateJourney } from '../../src/journeys/validate-journey.ts'
import { simulateCard, type CardOptions } from '../support/simulate-card.ts'

const url = 'https://api.example.com/orders'
const answer = (status: number | null, picked: JsonObject = {}, more: JsonObject = {}) => ({
  output: { status, picked, error: null, retryAfterMs: null, ...more },
})
const nothing = answer(null, {}, { error: { sent: true, reason: 'it took too long' } })
/** One answer after the other; how often it was called. */
function answering(...answers: ReturnType<typeof answer>[]) {
  const calls: string[] = []
  const options: CardOptions = {
    answerEffect: (_card, key) => {
      calls.push(key)
      return answers[Math.min(calls.length, answers.length) - 1]
    },
  }
  return { calls, options }
}

test.each([
  [200, '2xx'],
  [204, '2xx'],
  [404, '4xx'],
  [422, '4xx'],
  [500, '5xx'],
  [503, '5xx'],
])('status %s leaves by %s', async (status, outlet) => {
  expect(
    (await simulateCard('json-api', { url, retries: 0 }, answering(answer(status)).options)).outlet,
  ).toBe(outlet)
})

test('values of the answer become variables; what is not there becomes empty', async () => {
  const mapping = [
    { path: 'body.total', variable: 'total' },
    { path: 'body.none', variable: 'none' },
    { path: 'status', variable: 'status' },
  ]
  const { options } = answering(answer(200, { 'body.total': 12.5, 'body.none': null, status: 200 }))
  const { vars } = await simulateCard('json-api', { url, mapping }, { ...options, vars: { none: 'before' } })
  expect(vars).toMatchObject({ total: 12.5, none: null, status: 200 })
})

test('an answer that is larger than what runs carry fails the card, and the run keeps what it had', async () => {
  const mapping = [
    { path: 'body.id', variable: 'id' },
    { path: 'body.all', variable: 'all' },
  ]
  const { options } = answering(answer(200, { 'body.id': 7, 'body.all': 'x'.repeat(70_000) }))
  const { outlet, vars, trace } = await simulateCard(
    'json-api',
    { url, mapping },
    { ...options, vars: { all: 1 } },
  )
  expect({ outlet, vars }).toMatchObject({ outlet: 'failed', vars: { id: 7, all: 1 } })
  expect(trace).toContainEqual(
    expect.objectContaining({ data: expect.objectContaining({ code: 'too_large' }) as object }),
  )
})

test('a busy or silent system is tried again, later and later, or when it says', async () => {
  const { calls, options } = answering(nothing, answer(429, {}, { retryAfterMs: 60_000 }), answer(200))
  const { outlet, afterMs } = await simulateCard('json-api', { url, retries: 2 }, options)
  expect({ outlet, calls: calls.length, afterMs }).toEqual({ outlet: '2xx', calls: 3, afterMs: 62_000 })
})

test('a system that asks to wait for a year is asked again within the hour', async () => {
  const { options } = answering(answer(503, {}, { retryAfterMs: 365 * 86_400_000 }), answer(200))
  const { outlet, afterMs } = await simulateCard('json-api', { url, retries: 1 }, options)
  expect({ outlet, afterMs }).toEqual({ outlet: '2xx', afterMs: 3_600_000 })
})

test('a refusal is not tried again, and no answer after all tries is a failure', async () => {
  const refused = answering(answer(400))
  expect((await simulateCard('json-api', { url }, refused.options)).outlet).toBe('4xx')
  expect(refused.calls).toHaveLength(1)
  const silent = answering(nothing)
  const { outlet, trace } = await simulateCard('json-api', { url }, silent.options)
  expect(outlet).toBe('failed')
  expect(silent.calls).toHaveLength(3)
  expect(trace).toContainEqual(
    expect.objectContaining({
      kind: 'card.failed',
      data: { card: 'it', code: 'unavailable', reason: 'it took too long' },
    }),
  )
})

test('a placeholder without a value fails before anybody is called', async () => {
  const { calls, options } = answering(answer(200))
  const { outlet } = await simulateCard('json-api', { url: `${url}/{{vars.id}}` }, options)
  expect({ outlet, calls }).toEqual({ outlet: 'failed', calls: [] })
})

test.each([
  [{ url: '{{vars.host}}/x' }, 'url'],
  [{ url: 'https://{{vars.host}}.example.com/x' }, 'url'],
  [{ url: 'https://api.{{vars.host}}/x' }, 'url'],
  [{ url: 'https://api.example.com{{vars.host}}' }, 'url'],
  [{ url: 'https://user:pass@api.example.com' }, 'url'],
  [{ url: 'file:///etc/passwd' }, 'url'],
  [{ url, body: { type: 'json', json: {} } }, 'body'],
  [{ url, mapping: [{ path: 'body.a', variable: '__proto__' }] }, 'mapping.0.variable'],
  [{ url, mapping: [{ path: 'data.a', variable: 'a' }] }, 'mapping.0.path'],
])('%j is refused before publishing', (given, field) => {
  const settings = { url, ...(given as object) }
  const cards = { it: { type: 'json-api', settings } }
  const problems = validateJourney({ start: 'it', cards, triggers: [{ type: 'api' }] })
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([
    expect.objectContaining({ field: `cards.it.settings.${field}` }),
  ])
})
