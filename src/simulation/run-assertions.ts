import type { Em } from '../db/orm.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { Assertion } from './assertion-schema.ts'
import type { ScriptPool } from '../scripts/script-pool.ts'
import { judgeExpectation } from './judge-assertion.ts'
import { optionsAmid } from './audience-order.ts'
import { loadSurroundings } from './load-surroundings.ts'
import { toContactColumns } from './scene-schema.ts'
import { createScriptRunner } from './run-simulated-script.ts'
import { simulateJourney } from './simulate.ts'
import { syntheticContact } from './simulated-world.ts'
import type { SimulationOptions } from './simulation.ts'

export interface AssertionResult {
  name: string
  passed: boolean
  /** Those that do not hold, by their place in the list, and why. */
  failures: { expectation: number; message: string }[]
}

/** Plays each assertion's scene on a definition and says which of its expectations do not hold. */
export async function runAssertions(
  em: Em,
  input: {
    workspaceId: string
    numberId: string
    definition: JourneyDefinition
    assertions: Assertion[]
    scripts: ScriptPool
  },
): Promise<AssertionResult[]> {
  const { workspaceId, numberId, definition, assertions, scripts } = input
  if (assertions.length === 0) return []
  const around = await loadSurroundings(em, { workspaceId, numberId, definition })
  const usual = {
    ...optionsAmid(around),
    runScript: createScriptRunner(scripts),
  }
  const results: AssertionResult[] = []
  for (const assertion of assertions) results.push(await runAssertion(definition, assertion, usual))
  return results
}

/** The same for one, in surroundings that are known. */
async function runAssertion(
  definition: JourneyDefinition,
  { name, scene, expectations }: Assertion,
  usual: Pick<SimulationOptions, 'attributeTypes' | 'templates' | 'arbiter' | 'runScript'> = {},
): Promise<AssertionResult> {
  const contact = syntheticContact(toContactColumns(scene.contact))
  const startAtMs = Date.parse(scene.startAt)
  const { vars, windowOpen, replies, events } = scene
  const faults = new Map(scene.faults.map(({ card, code }) => [card, code]))
  const outputs = new Map(scene.effects.map(({ card, output }) => [card, output]))
  const simulation = await simulateJourney(definition, {
    ...usual,
    ...{ contact, startAtMs, vars, windowOpen, replies, events },
    fault: (card) => {
      const code = faults.get(card)
      return code === undefined ? undefined : { code, reason: 'a fault of the scene' }
    },
    answerEffect: (card) => (outputs.has(card) ? { output: outputs.get(card) ?? null } : undefined),
  })
  const played = { simulation, startAtMs, timeZone: contact.time_zone }
  const failures = expectations.flatMap((expectation, at) => {
    const message = judgeExpectation(expectation, played)
    return message === undefined ? [] : [{ expectation: at, message }]
  })
  return { name, passed: failures.length === 0, failures }
}
