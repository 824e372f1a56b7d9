import { eventually } from '../support/eventually.ts'
import { resumed } from '../../workflows/contract.ts'
import { faultHouse, type FaultHouse } from './fault-house.ts'

const customer = '491640000000'
const rounds = 20
const attributesARound = 3
const maximumHistoryEvents = 4_000
const together = 50

/** A loop of twenty rounds, a question, and the same loop for three rounds more. */
function loopDefinition() {
  const mark = (at: number) => ({
    type: 'setup-attribute',
    settings: { assignments: [{ target: 'attribute', name: `mark_${at}`, value: '{{vars.trail}}' }] },
    next: { next: at + 1 < attributesARound ? `mark${at + 1}` : 'extend' },
  })
  const extend = (value: string) => ({ assignments: [{ target: 'variable', name: 'trail', value }] })
  const trailIs = (id: string, length: number) => ({
    id,
    condition: { kind: 'compare', path: 'vars.trail', operator: 'equals', value: 'x'.repeat(length) },
  })
  return {
    start: 'begin',
    triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
    cards: {
      begin: { type: 'setup-attribute', settings: extend('x'), next: { next: 'say' } },
      say: { type: 'message', settings: { text: 'Round {{vars.trail}}' }, next: { next: 'which' } },
      which: {
        type: 'run-if',
        settings: { branches: [{ ...trailIs('ask', rounds) }, { ...trailIs('end', rounds + 3) }] },
        next: { 'branch:ask': 'ask', 'branch:end': 'close', else: 'mark0' },
      },
      ...Object.fromEntries(Array.from({ length: attributesARound }, (_, at) => [`mark${at}`, mark(at)])),
      extend: { type: 'setup-attribute', settings: extend('{{vars.trail}}x'), next: { next: 'again' } },
      again: { type: 'go-to', settings: { card: 'say' } },
      ask: {
        type: 'user-input',
        settings: { question: 'Who are you?', variable: 'answer' },
        next: { valid: 'extend' },
      },
      close: { type: 'message', settings: { text: '{{vars.answer}} after {{vars.trail}}' } },
    },
  }
}

test('a journey of more than 4,000 events begins anew in the middle, with its variables and its visits', async () => {
  const house = await faultHouse()
  await house.publish(loopDefinition())
  await house.worker()
  await house.text(customer, 'hello')
  await expectTexts(house, [...roundsUpTo(rounds), 'Who are you?'])
  await fillHistory(house)
  await house.text(customer, 'Ann')
  const all = [...roundsUpTo(rounds), 'Who are you?', ...roundsUpTo(rounds + 3).slice(rounds)]
  await expectTexts(house, [...all, `Ann after ${'x'.repeat(rounds + 3)}`])
  await eventually(async () => {
    expect(await house.rows('select state from runs')).toEqual([{ state: 'completed' }])
  })
  const [run] = await house.rows<{ workflow_id: string }>('select workflow_id from runs')
  const { raw, runId } = await house.deps.temporal.workflow.getHandle(run?.workflow_id ?? '').describe()
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(runId)
}, 120_000)

/** Signals without effect while the question is open: each is an event of the history. */
async function fillHistory(house: FaultHouse): Promise<void> {
  const [run] = await house.rows<{ workflow_id: string }>('select workflow_id from runs')
  const handle = house.deps.temporal.workflow.getHandle(run?.workflow_id ?? '')
  for (let sent = 0; sent < maximumHistoryEvents; sent += together) {
    await Promise.all(Array.from({ length: together }, () => handle.signal(resumed)))
  }
}

const roundsUpTo = (last: number) => Array.from({ length: last }, (_, at) => `Round ${'x'.repeat(at + 1)}`)

const expectTexts = (house: FaultHouse, texts: string[]) =>
  eventually(
    async () => {
      const ledger = await house.ledger(customer)
      expect(ledger.map(({ payload }) => (payload as { text: { body: string } }).text.body)).toEqual(texts)
    },
    { timeoutMs: 50_000, intervalMs: 200 },
  )
