import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** Refuses a phone number that is another than the credential's own; signs and spaces do not matter. */
export async function demandPhone(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
  phone: string,
): Promise<void> {
  const digits = (text: string) => text.replaceAll(/\D/g, '')
  const [number] = await forkFor(deps.orm, workspaceId).execute<{ display_number: string }[]>(
    'select display_number from phone_numbers where id = ? and workspace_id = ?',
    [numberId, workspaceId],
  )
  if (number && digits(number.display_number) === digits(phone)) return
  const message = `the key is bound to the number ${number?.display_number ?? ''}`
  throw new AppError('unprocessable', message, { fields: [{ field: 'phone', message }] })
}
