import type { NamedContacts } from '../../segments/named-contacts.ts'
import type { FieldNames } from '../dialect-route.ts'
import { toReference, type WireUser } from './wire.ts'

const lists = { contactId: 'contactIds', waId: 'waIds', externalId: 'externalIds', email: 'emails' } as const
const wireNames = {
  contactId: 'user_id',
  waId: 'wa_id',
  externalId: 'external_customer_id',
  email: 'email',
} as const
type Name = keyof typeof lists

/** Users in one list, each by a name of its own, as our lists by kind of name. */
export function nameUsers(users: WireUser[]): NamedContacts {
  const named: Record<(typeof lists)[Name], string[]> = {
    contactIds: [],
    waIds: [],
    externalIds: [],
    emails: [],
  }
  for (const { name, value } of users.map(nameOf)) named[lists[name]].push(value)
  return named
}

/** And back, for errors: `waIds.0` may be `users.3.wa_id`. */
export function userFieldNames(users: WireUser[] = []): FieldNames {
  const counts: Record<Name, number> = { contactId: 0, waId: 0, externalId: 0, email: 0 }
  return Object.fromEntries(
    users.map((user, at) => {
      const { name } = nameOf(user)
      return [`${lists[name]}.${counts[name]++}`, `users.${at}.${wireNames[name]}`]
    }),
  )
}

function nameOf(user: WireUser): { name: Name; value: string } {
  const reference = toReference(user)
  const names: Name[] = ['contactId', 'waId', 'externalId', 'email']
  const name = names.find((each) => reference[each]) ?? 'contactId'
  return { name, value: reference[name] ?? '' }
}
