import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { ScriptPool } from '../scripts/script-pool.ts'
import { listAssertions } from './journey-assertions.ts'
import { runAssertions, type AssertionResult } from './run-assertions.ts'

/** What somebody publishes against: who, why, and which assertions did not hold. */
export interface Override {
  reason: string
  by: string
  failing: AssertionResult[]
}

/**
 * What the journey's assertions say of a definition that is about to be published. One that does not hold refuses it, unless
 * somebody gives a reason to publish all the same.
 */
export async function passLaunchGate(
  em: Em,
  input: {
    workspaceId: string
    journeyId: string
    numberId: string
    definition: JourneyDefinition
    override: { reason: string; by: string } | undefined
    scripts: ScriptPool
  },
): Promise<Override | undefined> {
  const { workspaceId, journeyId, numberId, definition, override, scripts } = input
  const assertions = await listAssertions(em, { workspaceId, journeyId })
  const results = await runAssertions(em, { workspaceId, numberId, definition, assertions, scripts })
  const failing = results.filter(({ passed }) => !passed)
  if (failing.length === 0) return undefined
  if (override) return { ...override, failing }
  const fields = failing.flatMap(({ name, failures }) =>
    failures.map(({ message }) => ({ field: `assertions.${name}`, message })),
  )
  const [first] = fields
  const rest = fields.length > 1 ? `, and ${fields.length - 1} more` : ''
  throw new AppError(
    'invalid_journey',
    `the assertion ${first?.field.slice('assertions.'.length)} does not hold: ${first?.message}${rest}`,
    {
      fields,
      details: { assertions: failing },
    },
  )
}
