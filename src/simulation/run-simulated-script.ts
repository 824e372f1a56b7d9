import { scriptInput } from '../scripts/run-for-journey.ts'
import { runScript } from '../scripts/run-script.ts'
import type { ScriptPool } from '../scripts/script-pool.ts'
import type { SimulationOptions } from './simulation.ts'

/** Scripts run as they do in real runs: in their sandbox, with a contact that nobody has. */
export function createScriptRunner(scripts: ScriptPool): NonNullable<SimulationOptions['runScript']> {
  return async ({ code, vars, contact }) =>
    (await runScript(scripts, { code, input: scriptInput(contact, vars) })).output
}
