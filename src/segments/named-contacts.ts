import { lookUpContacts, type ContactReference } from '../contacts/look-up-contacts.ts'
import type { Em } from '../db/orm.ts'
import { AppError, type FieldError } from '../model/errors.ts'

/** Contacts by whatever somebody knows them by. */
export interface NamedContacts {
  contactIds?: string[] | undefined
  waIds?: string[] | undefined
  emails?: string[] | undefined
  externalIds?: string[] | undefined
}

/** Their ids, each once. Refuses all of them, naming each, when one is unknown or could be several people. */
export async function resolveNames(em: Em, workspaceId: string, given: NamedContacts): Promise<string[]> {
  const named = listReferences(given)
  if (named.length === 0) {
    const message = 'name at least one contact'
    throw new AppError('invalid_input', message, { fields: [{ field: 'contactIds', message }] })
  }
  const found = await lookUpContacts(
    em,
    workspaceId,
    named.map(({ reference }) => reference),
  )
  const fields = found.flatMap((each, at): FieldError[] =>
    'problem' in each ? [{ field: named[at]?.field ?? '', message: each.problem }] : [],
  )
  if (fields.length > 0)
    throw new AppError('unprocessable', 'some contacts are not known: nothing was changed', { fields })
  return [...new Set(found.flatMap((each) => ('contactId' in each ? [each.contactId] : [])))]
}

function listReferences({ contactIds = [], waIds = [], emails = [], externalIds = [] }: NamedContacts) {
  const of = (list: string, values: string[], refer: (value: string) => ContactReference) =>
    values.map((value, at) => ({ field: `${list}.${at}`, reference: refer(value) }))
  return [
    ...of('contactIds', contactIds, (contactId) => ({ contactId })),
    ...of('waIds', waIds, (waId) => ({ waId })),
    ...of('emails', emails, (email) => ({ email: email.toLowerCase() })),
    ...of('externalIds', externalIds, (externalId) => ({ externalId })),
  ]
}
