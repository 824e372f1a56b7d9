import { setTimeout as sleep } from 'node:timers/promises'
import { campaignLine, templateVariant } from './campaign-line.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

/**
 * A run that sends to three people, one a second: it is paused after the first of them, and goes on to its end or is cancelled.
 * Returns its workflow's id.
 */
export async function playCampaign(house: House, end: 'completed' | 'cancelled'): Promise<string> {
  const line = campaignLine(house)
  const name = `sale_${end}`
  await line.addTemplate({ name })
  const contactIds = await line.addPeople(3, end === 'completed' ? 4_917_080_000_000 : 4_917_080_000_010)
  const run = await line.start({
    audience: { include: [{ kind: 'contacts', contactIds }] },
    variants: [templateVariant(name)],
    messagesPerSecond: 0.5,
  })
  await eventually(
    async () => {
      if (!('accepted' in (await line.outcomes(run)))) throw new Error('nobody has got it yet')
    },
    { timeoutMs: 30_000 },
  )
  await line.setState(run, 'paused')
  // The workflow has looked at its rows by then, and sleeps.
  await sleep(2_000)
  await line.setState(run, end === 'completed' ? 'sending' : 'cancelled')
  await line.wakeRun(run)
  await house.deps.temporal.workflow.getHandle(run.workflowId).result()
  return run.workflowId
}
