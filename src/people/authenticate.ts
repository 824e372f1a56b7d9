import type { Deps } from '../deps.ts'
import type { Authenticate } from '../kit/auth.ts'
import { findApiKey } from '../settings/api-keys.ts'
import { findSession, sessionKinds } from './sessions.ts'
import { findUserByToken, userTokenPattern } from './user-token.ts'

/**
 * Who a token of the platform API is: a platform key, a signed-in user, or a user's own token. Keys of dialects open
 * nothing here.
 */
export function createAuthenticate(deps: Pick<Deps, 'orm' | 'background' | 'config'>): Authenticate {
  return async (token) => {
    if (sessionKinds.platform.pattern.test(token)) return (await findSession(deps, token))?.actor
    if (userTokenPattern.test(token)) return findUserByToken(deps, token)
    const key = await findApiKey(deps, token)
    if (key?.kind !== 'platform') return undefined
    return { workspaceId: key.workspaceId, kind: 'key', id: key.id }
  }
}
