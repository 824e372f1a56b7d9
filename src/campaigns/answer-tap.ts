import type { Em } from '../db/orm.ts'
import { evaluateTriggers, type TriggerInput } from '../journeys/evaluate-triggers.ts'
import { startLedTo } from '../journeys/start-by-tap.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { readTap } from '../model/campaign-tap.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { saveInput } from '../variable-groups/save-input.ts'

interface TappedRun {
  campaign_id: string
  name: string
  definition: CampaignDefinition
}

/**
 * Does what a tap on a campaign's quick reply stands for: the input is kept and starts whatever those words start, or a journey
 * begins. Undefined when the payload is no campaign's of this workspace: the message is then judged as any. Safe to repeat.
 */
export async function answerTap(
  em: Em,
  tap: TriggerInput & { payload: string; text: string },
): Promise<OutboxRow[] | undefined> {
  const { workspaceId, payload, text, contactId, causeId } = tap
  const read = readTap(payload)
  if (!read) return undefined
  const [run] = await em.execute<TappedRun[]>(
    `select r.campaign_id, c.name, r.definition from campaign_runs r join campaigns c on c.id = r.campaign_id
     where r.workspace_id = ? and r.id = ?`,
    [workspaceId, read.runId],
  )
  if (!run) return undefined
  const button = run.definition.buttons.find(({ index }) => index === read.index)
  if (button?.type === 'journey') {
    const { journeyId } = button
    return startLedTo(em, tap, { journeyId, vars: {}, words: 'the campaign’s button leads to it' })
  }
  if (button?.type !== 'input') return evaluateTriggers(em, tap)
  const { input } = button
  const campaign = { id: run.campaign_id, name: run.name }
  await saveInput(em, { workspaceId, campaign, contactId, input, button: text, causeId })
  return evaluateTriggers(em, { ...tap, stimulus: { type: 'user-utterance', text: input } })
}
