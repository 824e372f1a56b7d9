import type { FlowAccess } from '../../integrations/whatsapp/flows.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { listNumberAccess, type NumberAccess } from '../settings/numbers.ts'

/** Management calls answer slower than sends. */
const timeoutMs = 30_000

export function accessOf({ config }: Pick<Deps, 'config'>, number: NumberAccess): FlowAccess {
  const { WHATSAPP_BASE_URL: baseUrl, WHATSAPP_GRAPH_VERSION: graphVersion } = config
  return { baseUrl, graphVersion, accessToken: number.accessToken, timeoutMs }
}

/** A number of the workspace's, by our id. */
export async function workspaceNumber(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  numberId: string,
): Promise<NumberAccess> {
  const numbers = await listNumberAccess(deps)
  const number = numbers.find((each) => each.id === numberId && each.workspaceId === workspaceId)
  if (number) return number
  const message = `there is no phone number ${numberId}`
  throw new AppError('unprocessable', message, { fields: [{ field: 'numberId', message }] })
}

/** Flows belong to an account: any of its numbers may speak for it. */
export async function accountNumber(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  wabaId: string,
): Promise<NumberAccess> {
  const numbers = await listNumberAccess(deps)
  const number = numbers.find((each) => each.wabaId === wabaId && each.workspaceId === workspaceId)
  if (number) return number
  throw new AppError('unprocessable', `no number of the account ${wabaId} is connected any more`)
}
