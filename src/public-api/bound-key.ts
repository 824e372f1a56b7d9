import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { findApiKey, type ApiKeyKind } from '../settings/api-keys.ts'

/** Who a dialect's key is: it reads the chats of one number and sends from it. Other kinds of keys are told so. */
export async function identifyBoundKey(
  deps: Deps,
  kind: Exclude<ApiKeyKind, 'platform'>,
  text: string | undefined,
): Promise<Actor & { numberId: string }> {
  if (!text) throw new AppError('unauthenticated', 'an API key is required')
  const key = await findApiKey(deps, text)
  if (!key) throw new AppError('unauthenticated', 'this API key is not valid (any more)')
  if (key.kind === kind && key.numberId) {
    return { workspaceId: key.workspaceId, kind: 'key', id: key.id, numberId: key.numberId }
  }
  const message = `this is a key of kind "${key.kind}": make one of kind "${kind}", which is bound to a number`
  throw new AppError('forbidden', message)
}
