import { setTimeout as sleep } from 'node:timers/promises'
import { forkFor } from '../../src/db/orm.ts'
import { createJourney } from '../../src/journeys/manage-journeys.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { audienceSimulationSchema } from '../../src/simulation/audience-schema.ts'
import { certify, findCertification, type CertificationRow } from '../../src/simulation/certify.ts'
import { createSimulation } from '../../src/simulation/create-simulation.ts'
import { findSimulation } from '../../src/simulation/simulations.ts'
import type { House } from './house.ts'

type Rehearsing = Pick<House, 'deps' | 'workspaceId' | 'numberId'>

export interface SimulatedRef {
  workspaceId: string
  journeyId: string
  simulationId: string
}

/** Simulates a draft over an audience, to its end. */
export async function playSimulation(house: Rehearsing, draft: object, body: object): Promise<SimulatedRef> {
  const { deps, workspaceId, numberId } = house
  const order = { workspaceId, numberId, name: 'Simulated', draft: draft as JsonObject }
  const { id: journeyId } = await createJourney(deps, order)
  const request = audienceSimulationSchema.parse(body)
  const simulationId = await createSimulation(deps, { workspaceId, journeyId, by: 'test', request })
  const ref = { workspaceId, journeyId, simulationId }
  for (;;) {
    const { state, error } = await findSimulation(forkFor(deps.orm, workspaceId), ref)
    if (state === 'completed') return ref
    if (state === 'failed') throw new Error(error ?? 'failed')
    await sleep(50)
  }
}

/** Certifies its most trodden ways, to the verdict. */
export async function playCertification(
  { deps }: Rehearsing,
  ref: SimulatedRef,
  paths: number,
): Promise<CertificationRow> {
  const certificationId = await certify(deps, { ...ref, by: 'test', paths })
  for (;;) {
    const em = forkFor(deps.orm, ref.workspaceId)
    const row = await findCertification(em, { ...ref, certificationId })
    if (row.state !== 'running') return row
    await sleep(100)
  }
}

const draft = {
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
  cards: {
    ask: {
      type: 'user-input',
      settings: { question: 'How many?', answer: 'number', variable: 'count', attribute: 'count' },
      next: { valid: 'wait' },
    },
    wait: {
      type: 'time-delay',
      settings: {
        delay: { mode: 'duration', duration: { amount: 20, unit: 'hours' } },
        event: { name: 'paid' },
      },
      next: { event: 'sleep' },
    },
    sleep: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 2, unit: 'hours' } } },
      next: { done: 'say' },
    },
    say: { type: 'message', settings: { text: '{{vars.count}} it is' }, next: { next: 'end' } },
    end: { type: 'end-conversation', settings: { close: true, goalReached: true }, next: {} },
  },
}

/** One way with an answer, an event and a sleep. Returns its workflow's id. */
export async function playRehearsal(house: House): Promise<string> {
  const ref = await playSimulation(house, draft, {
    audience: { kind: 'synthetic', count: 1 },
    replies: [{ text: '7' }],
    events: [{ name: 'paid', afterMs: 3_600_000 }],
    seed: 1,
  })
  const { rehearsals } = await playCertification(house, ref, 1)
  const workflowId = rehearsals[0]?.workflowId ?? ''
  await house.deps.temporal.workflow.getHandle(workflowId).result()
  return workflowId
}
