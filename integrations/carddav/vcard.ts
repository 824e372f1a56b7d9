import type { BookContact } from '../../src/model/contact-book.ts'

/** A vCard (RFC 6350, and version 3 before it), as far as names, phones and mail go. */
export function readVcard(text: string): BookContact {
  const lines = text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)
  const contact: BookContact = { name: '', phoneNumbers: [], emailAddresses: [] }
  for (const line of lines) {
    const match = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):(.*)$/.exec(line)
    if (!match) continue
    const [, name = '', parameters = '', raw = ''] = match
    const value = unescape(raw).trim()
    if (name.toUpperCase() === 'FN' && !contact.name) contact.name = value
    if (value === '') continue
    const described = { value: value.replace(/^tel:/i, ''), description: typeOf(parameters) }
    if (name.toUpperCase() === 'TEL') contact.phoneNumbers.push(described)
    if (name.toUpperCase() === 'EMAIL') contact.emailAddresses.push(described)
  }
  return contact
}

/** `;TYPE=home,voice` and the `;HOME;VOICE` of old. */
function typeOf(parameters: string): string {
  const types = parameters
    .split(';')
    .filter(Boolean)
    .flatMap((parameter) => {
      const [name = '', value] = parameter.split('=')
      if (value === undefined) return [name]
      return name.toUpperCase() === 'TYPE' ? value.replaceAll('"', '').split(',') : []
    })
  const said = types
    .map((type) => type.toLowerCase())
    .filter((type) => !['pref', 'internet', 'voice'].includes(type))
  return said.join(', ')
}

function unescape(value: string): string {
  return value.replace(/\\([nN,;\\])/g, (_match, letter: string) => (/n/i.test(letter) ? '\n' : letter))
}
