import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'

/** The WhatsApp Business account of a number: templates are an account's. */
export async function accountOf(em: Em, workspaceId: string, numberId: string): Promise<string> {
  const [number] = await em.execute<{ waba_id: string }[]>(
    'select waba_id from phone_numbers where workspace_id = ? and id = ?',
    [workspaceId, numberId],
  )
  if (!number) throw new AppError('not_found', `phone number ${numberId} does not exist`)
  return number.waba_id
}
