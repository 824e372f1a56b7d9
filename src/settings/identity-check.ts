import { setIdentityCheck } from '../../integrations/whatsapp/identity-check.ts'
import type { Deps } from '../deps.ts'
import { updateNumber } from './manage-numbers.ts'
import { findNumberAccess } from './numbers.ts'

/** Switches the protection against changed identities on or off, at WhatsApp first. */
export async function switchIdentityCheck(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  { workspaceId, numberId, enabled }: { workspaceId: string; numberId: string; enabled: boolean },
) {
  const { WHATSAPP_BASE_URL, WHATSAPP_GRAPH_VERSION, SEND_TIMEOUT_MS } = deps.config
  const { phoneNumberId, accessToken } = await findNumberAccess(deps, numberId)
  const access = {
    baseUrl: WHATSAPP_BASE_URL,
    graphVersion: WHATSAPP_GRAPH_VERSION,
    timeoutMs: SEND_TIMEOUT_MS,
  }
  await setIdentityCheck({ ...access, phoneNumberId, accessToken }, enabled)
  return updateNumber(deps, workspaceId, numberId, { identityCheck: enabled })
}
