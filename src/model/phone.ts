/** A WhatsApp id: the phone number's digits with country code and without signs. */
const waIdPattern = /^\d{6,15}$/

/** A business-scoped user id: two letters, a dot and letters or digits, with an optional `ENT.` part. */
const bsuidPattern = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]+$/

/** Reads a phone number as people write it (`+49 170 123-4567`, `00491701234567`); undefined when it is none. */
export function toWaId(text: string): string | undefined {
  const digits = text.replace(/[\s().+-]/g, '').replace(/^00/, '')
  return waIdPattern.test(digits) ? digits : undefined
}

export function isBsuid(text: string): boolean {
  return bsuidPattern.test(text)
}
