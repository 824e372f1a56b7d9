import type { Contact } from '../api/shapes.ts'

const identityKinds: Record<string, string> = {
  phone: 'wa_id',
  wa_id: 'wa_id',
  username: 'username',
  external_customer_id: 'external',
}

/** An attribute of a contact by its name, wherever the API's contact holds it. */
export function attributeValue(contact: Contact, name: string): unknown {
  const kind = identityKinds[name]
  if (kind) return identityValue(contact, kind)
  if (name === 'tags') return contact.tags
  if (name === 'spam') return contact.spamAt !== null
  if (name === 'whatsapp_opted') return contact.optedOutAt === null
  const key = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  if (key !== 'attributes' && Object.hasOwn(contact, key)) return contact[key as keyof Contact]
  return contact.attributes[name]
}

function identityValue(contact: Contact, kind: string): string | undefined {
  return contact.identities.find((each) => each.kind === kind && each.validTo === null)?.value
}

/** What a contact is called in lists. */
export function contactName(contact: Contact): string {
  const email = attributeValue(contact, 'email')
  const others = [identityValue(contact, 'wa_id'), identityValue(contact, 'username'), email]
  return contact.name ?? others.find((each) => typeof each === 'string') ?? 'Somebody'
}
