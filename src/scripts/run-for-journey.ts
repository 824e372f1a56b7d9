import { traceOf } from '../apps/redact.ts'
import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { runScript, type ScriptInput } from './run-script.ts'

export interface ScriptRun {
  workspaceId: string
  /** Without one `contact` is null in the script. */
  contactId: string | undefined
  code: string
  vars: JsonObject
}

/** What a script is given of a contact and of a run's variables. */
export function scriptInput(contact: object | null, vars: JsonObject): ScriptInput {
  // A view has gaps, JSON has none.
  const given = contact && (JSON.parse(JSON.stringify(contact)) as JsonObject)
  return { contact: given, vars, event: eventOf(vars) }
}

/** Runs a journey's script over its contact and variables; what its trace shows has no secrets in it. */
export async function runForJourney(
  deps: Pick<Deps, 'orm' | 'scripts'>,
  { workspaceId, contactId, code, vars }: ScriptRun,
): Promise<{ output: JsonObject; lines: string[]; trace: { input: Json; output: Json } }> {
  const em = forkFor(deps.orm, workspaceId)
  const contact = contactId === undefined ? null : await loadContactView(em, workspaceId, contactId)
  const { output, lines } = await runScript(deps.scripts, { code, input: scriptInput(contact, vars) })
  return { output, lines, trace: { input: traceOf({ vars }), output: traceOf(output) } }
}

/** What a trigger brought along. */
function eventOf({ event }: JsonObject): JsonObject {
  return event !== null && typeof event === 'object' && !Array.isArray(event) ? event : {}
}
