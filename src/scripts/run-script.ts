import { jsonDepth } from '../kit/json-depth.ts'
import { findUnstorable } from '../kit/storable-text.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema, type JsonObject } from '../model/json.ts'
import type { ScriptOutcome } from './run-in-quickjs.ts'
import { scriptLimits } from './script-limits.ts'
import type { ScriptPool } from './script-pool.ts'

/** What a script sees, and nothing else. */
export interface ScriptInput {
  contact: JsonObject | null
  vars: JsonObject
  event: JsonObject
}

/** Runs a script in the sandbox. Throws `script_failed`, with the line where there is one and what it logged. */
export async function runScript(
  pool: ScriptPool,
  { code, input }: { code: string; input: ScriptInput },
): Promise<{ output: JsonObject; lines: string[] }> {
  if (code.length > scriptLimits.codeLength) {
    throw new AppError('invalid_input', `a script has at most ${scriptLimits.codeLength} characters`)
  }
  const outcome = await pool.run({ code, input: JSON.stringify(input) })
  if (outcome.failure) throw failed(outcome, outcome.failure)
  return { output: readOutput(outcome), lines: outcome.lines }
}

function readOutput(outcome: ScriptOutcome): JsonObject {
  const json = outcome.output ?? ''
  if (jsonDepth(json) > scriptLimits.outputDepth) {
    const reason = `what it returns nests deeper than ${scriptLimits.outputDepth} levels`
    throw failed(outcome, { reason, line: null })
  }
  const fault = findUnstorable(json)
  if (fault)
    throw failed(outcome, { reason: `"${fault.field}" of what it returns: ${fault.message}`, line: null })
  const parsed = jsonObjectSchema.safeParse(read(json))
  if (parsed.success) return parsed.data
  throw failed(outcome, { reason: 'it must return an object whose properties are variables', line: null })
}

function read(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function failed(
  { lines }: ScriptOutcome,
  { reason, line }: { reason: string; line: number | null },
): AppError {
  const place = line === null ? 'the script failed' : `the script failed in line ${line}`
  return new AppError('script_failed', `${place}: ${reason}`, { details: { line, lines } })
}
