import type { AccountAccess } from '../../integrations/whatsapp/templates.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { listNumberAccess } from '../settings/numbers.ts'

/** How to reach a WhatsApp Business account: by the token of one of the workspace's numbers in it. */
export async function findAccountAccess(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  workspaceId: string,
  wabaId: string,
): Promise<AccountAccess> {
  const numbers = await listNumberAccess(deps)
  const number = numbers.find((one) => one.workspaceId === workspaceId && one.wabaId === wabaId)
  if (!number) {
    const message = 'is the account of none of your numbers'
    throw new AppError('unprocessable', `wabaId ${wabaId} ${message}`, {
      fields: [{ field: 'wabaId', message }],
    })
  }
  const { WHATSAPP_BASE_URL: baseUrl, WHATSAPP_GRAPH_VERSION: graphVersion } = deps.config
  // A list of a hundred long templates takes Meta longer than one message does.
  const timeoutMs = Math.max(deps.config.SEND_TIMEOUT_MS, 500) * 2
  return { baseUrl, graphVersion, timeoutMs, wabaId, accessToken: number.accessToken }
}

/** The account that is meant: the named one, or the only one there is. */
export async function chooseAccount(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  wabaId: string | undefined,
): Promise<string> {
  const rows = await forkFor(orm, workspaceId).execute<{ waba_id: string }[]>(
    'select distinct waba_id from phone_numbers where workspace_id = ? and (?::text is null or waba_id = ?)',
    [workspaceId, wabaId ?? null, wabaId ?? null],
  )
  const [first, second] = rows
  if (first && !second) return first.waba_id
  const message = first
    ? 'is required: your numbers belong to several accounts'
    : wabaId
      ? 'is the account of none of your numbers'
      : 'is required, and you have no number yet'
  throw new AppError('unprocessable', `wabaId ${message}`, { fields: [{ field: 'wabaId', message }] })
}
