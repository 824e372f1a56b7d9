/** A prime, 2^31 - 1: what is smaller, multiplied with what is smaller, fits PostgreSQL's bigint. */
const prime = 2_147_483_647n

/** Whole hundredths of a percent. */
export const bucketSteps = 10_000

/** Two rounds of (x * factor + offset) mod prime; SQL calculates the same over the contact's id. */
export interface BucketKey {
  factors: [number, number]
  offsets: [number, number]
}

/** The numbers that a salt stands for: the same salt always puts a contact into the same bucket. */
export function bucketKey(salt: string): BucketKey {
  const number = (purpose: string) => Number((BigInt(hash(`${purpose}:${salt}`)) % (prime - 1n)) + 1n)
  return { factors: [number('a'), number('c')], offsets: [number('b'), number('d')] }
}

/** 0 to 9,999. Only the last 12 digits of the id count, which are random in every kind of UUID. */
export function bucketOf(contactId: string, { factors, offsets }: BucketKey): number {
  const digits = contactId.replace(/[^0-9a-f]/gi, '').slice(-12)
  const id = /^[0-9a-f]{12}$/i.test(digits) ? BigInt(`0x${digits}`) : 0n
  const first = ((id % prime) * BigInt(factors[0]) + BigInt(offsets[0])) % prime
  // The shift carries what the multiplication did to high digits into the low ones, which the remainder looks at.
  const mixed = (first ^ (first >> 15n)) % prime
  const second = (mixed * BigInt(factors[1]) + BigInt(offsets[1])) % prime
  return Number(second % BigInt(bucketSteps))
}

/** FNV-1a with a final mix, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
