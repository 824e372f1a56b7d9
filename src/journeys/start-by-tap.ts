import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { readFlowPayload } from '../model/flow-payload.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { findStartable, type TriggerInput } from './evaluate-triggers.ts'
import { lookUpFlow } from './find-by-flow-key.ts'
import { startRun } from './start-run.ts'

/** A button that says by its payload where it leads. */
interface Tap
  extends Pick<TriggerInput, 'workspaceId' | 'contactId' | 'entry' | 'causeId' | 'atMs' | 'obstacle'> {
  numberId: string
  payload: string
}

/**
 * Starts the journey that a tapped button names by its flow key, whatever its triggers, by its entry rules: whoever wrote the
 * payload meant just this journey. Undefined when the payload names none of this number, and the message is judged as any.
 */
export async function startByTap(em: Em, tap: Tap): Promise<OutboxRow[] | undefined> {
  const said = readFlowPayload(tap.payload)
  const journeyId = await lookUpFlow(em, { ...tap, flowKey: said?.flowKey ?? tap.payload.trim() })
  if (journeyId === undefined) return undefined
  return startLedTo(em, tap, { journeyId, vars: said?.data ?? {}, words: 'the button leads to it' })
}

/**
 * Starts the journey that a button leads to, whatever its triggers, by its entry rules: who set it up meant just this one. What
 * came of it is the message's verdict.
 */
export async function startLedTo(
  em: Em,
  tap: Omit<Tap, 'numberId' | 'payload'>,
  { journeyId, vars, words }: { journeyId: string; vars: JsonObject; words: string },
): Promise<OutboxRow[]> {
  const { workspaceId, contactId, entry, causeId, atMs, obstacle } = tap
  const journey = await findStartable(em, workspaceId, journeyId)
  const factId = derivedId(entry, 'trigger.evaluated')
  const result =
    journey && obstacle === undefined
      ? await startRun(em, {
          workspaceId,
          journey,
          contactId,
          entry,
          vars,
          isAnswering: true,
          causeId: factId,
        })
      : { started: false as const, reason: obstacle ?? 'it is not published' }
  const verdict = {
    ...{ journey: journeyId, name: journey?.name ?? '', matched: true, started: result.started },
    reason: result.started ? words : `${words}, but ${result.reason}`,
  }
  const data = { stimulus: 'button', candidates: [verdict] }
  await recordFacts(em, workspaceId, [
    { id: factId, atMs, kind: 'trigger.evaluated', contactId, causeId, data },
  ])
  return result.started ? result.outbox : []
}
