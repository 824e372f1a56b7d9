import type { RulingInput } from '../../workflows/contract.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { relaySoon } from '../outbox/relay.ts'
import { tagByDefault } from './route-chat.ts'

/** What the default rules do where the rule engine did not answer. Of what users write they say nothing. */
export async function ruleByDefault(deps: Deps, { workspaceId, occasion }: RulingInput): Promise<void> {
  if (occasion.kind !== 'tagged') return
  const em = forkFor(deps.orm, workspaceId)
  relaySoon(deps, await em.transactional((tx) => tagByDefault(tx, workspaceId, [occasion.eventId])))
}
