import { derivedId } from '../db/columns.ts'
import type { Deps } from '../deps.ts'
import { callIntegration, type IntegrationCall, type IntegrationResult } from './call-integration.ts'

/**
 * Does an action for a card of a run.
 * @param call.key lineage, card, visit and n-th performance: the tries of one visit are one call to the other system.
 */
export function callForRun(deps: Deps, call: IntegrationCall): Promise<IntegrationResult> {
  return callIntegration(deps, { ...call, key: derivedId(call.key.replace(/:p\d+$/, ''), call.action) })
}
