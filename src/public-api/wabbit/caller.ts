import type { WireCaller } from '../../wabbit-wire/wire-caller.ts'
import type { Call } from '../dialect-route.ts'
import { baseUrlOf } from './page.ts'

/** Who asks, as the lists of the wire want to know. */
export function callerOf({
  deps,
  workspaceId,
  numberId,
  actor,
  request,
}: Pick<Call, 'deps' | 'workspaceId' | 'numberId' | 'actor' | 'request'>): WireCaller {
  return { workspaceId, numberId, userId: actor.id, baseUrl: baseUrlOf(deps.config, request) }
}
