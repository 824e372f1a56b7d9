import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { toWaId } from '../model/phone.ts'
import { Contact } from './entities.ts'
import { findByWaId } from './find-contacts.ts'
import { saveContact } from './save-contact.ts'

/** The contact that a request names by id or by phone number; one that is not known yet is made. */
export async function resolveContact(
  deps: Deps,
  input: {
    workspaceId: string
    contactId?: string | undefined
    waId?: string | undefined
    /** Of a contact that is made; a known one keeps its own. */
    name?: string | undefined
    by: string
  },
): Promise<string> {
  const { workspaceId, contactId, waId, name, by } = input
  if ((contactId === undefined) === (waId === undefined)) {
    const message = 'give either contactId or waId'
    throw new AppError('invalid_input', message, { fields: [{ field: 'contactId', message }] })
  }
  const em = forkFor(deps.orm, workspaceId)
  if (contactId !== undefined) {
    const contact = await em.findOne(Contact, { id: contactId })
    if (contact) return contact.mergedInto ?? contact.id
    const message = `contact ${contactId} does not exist`
    throw new AppError('unprocessable', message, { fields: [{ field: 'contactId', message }] })
  }
  const phone = toWaId(waId ?? '')
  const known = phone && (await findByWaId(em, workspaceId, phone))
  if (known) return known
  const attributes: JsonObject = name === undefined ? {} : { name }
  return (await saveContact(deps, { workspaceId, waId, attributes, by })).contactId
}
