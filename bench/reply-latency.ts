import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareTaskQueue, startBareTemporal } from './support/bare-temporal.ts'
import { percentile, printComparisons, printHistogram } from './support/figures.ts'
import { call } from './support/http.ts'
import { watchLedger } from './support/ledger-watch.ts'
import { signedBody, tapMessage, textMessage } from './support/meta-webhooks.ts'
import { startProduct } from './support/product.ts'

const samples = 150
const warmUps = 30
/** The statuses of the message before, and Temporal's own afterwork, are not part of the next sample. */
const restMs = 60

/**
 * From the inbound webhook to WhatsApp's receipt of the answer, one at a time, each sample with a customer nobody knew:
 * the word that starts a journey, then the tap that a journey waits for. Bare: one workflow with one activity.
 */
async function main(): Promise<void> {
  const product = await startProduct()
  const bare = await startBareTemporal(product.temporalAddress)
  const ledger = watchLedger(product.sandboxUrl, 4)
  const measured = { start: [] as number[], answer: [] as number[], bare: [] as number[] }

  async function say(waId: string, message: Record<string, unknown>, nth: number): Promise<number> {
    const { body, headers } = signedBody(product.whatsapp, { messages: [message], statuses: [] })
    // The receipt carries whole milliseconds, cut off: half of one is added on average.
    const startedAtMs = performance.timeOrigin + performance.now()
    const [, receivedAtMs] = await Promise.all([
      call('POST', product.webhookUrl, body, headers),
      ledger.receipt(waId, nth),
    ])
    return receivedAtMs + 0.5 - startedAtMs
  }
  async function runBare(): Promise<number> {
    const startedAtMs = performance.now()
    await bare.client.workflow.execute('oneActivity', { taskQueue: bareTaskQueue, workflowId: randomUUID() })
    return performance.now() - startedAtMs
  }

  for (let at = -warmUps; at < samples; at++) {
    const waId = String(491_700_000_000 + warmUps + at)
    const start = await say(waId, textMessage(waId, 'hello'), 1)
    await sleep(restMs)
    const answer = await say(waId, tapMessage(waId, 'yes', 'Yes'), 2)
    await sleep(restMs)
    const yardstick = await runBare()
    await sleep(restMs)
    if (at < 0) continue
    measured.start.push(start)
    measured.answer.push(answer)
    measured.bare.push(yardstick)
  }
  await ledger.stop()
  await bare.stop()
  await product.stop()

  printHistogram('A word starts a journey: webhook to the question', measured.start)
  printHistogram('A journey waits: tap to the text', measured.answer)
  printHistogram('Bare: a workflow with one activity', measured.bare)
  const compare = (what: string, of: number[], share: number, aim?: string) => ({
    what,
    ours: percentile(of, share),
    bare: percentile(measured.bare, share),
    unit: 'ms' as const,
    ...(aim && { aim }),
  })
  printComparisons('Reply latency', [
    compare('word to question, p50', measured.start, 0.5, '<= 3x'),
    compare('word to question, p99', measured.start, 0.99),
    compare('tap to text, p50', measured.answer, 0.5, '<= 3x'),
    compare('tap to text, p99', measured.answer, 0.99),
  ])
}

await main()
