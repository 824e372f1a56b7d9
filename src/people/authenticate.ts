import type { Deps } from '../deps.ts'
import type { Authenticate } from '../kit/auth.ts'
import { findApiKey } from '../settings/api-keys.ts'
import { findSession } from './sessions.ts'

/** Who a token of the platform API is: a platform key, or a signed-in user. Keys of dialects open nothing here. */
export function createAuthenticate(deps: Pick<Deps, 'orm' | 'background'>): Authenticate {
  return async (token) => {
    if (token.startsWith('drips_')) return (await findSession(deps, token))?.actor
    const key = await findApiKey(deps, token)
    if (key?.kind !== 'platform') return undefined
    return { workspaceId: key.workspaceId, kind: 'key', id: key.id }
  }
}
