import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Journal } from './journal.ts'
import { addressOf, type Customer } from './phones.ts'
import { parseInput } from './shape-parts.ts'

const settingsSchema = z.looseObject({
  user_identity_change: z.looseObject({ enable_identity_key_check: z.boolean() }),
})

export type Identities = ReturnType<typeof createIdentities>

/** Who is behind each address, as a hash; told for the numbers that switched the identity check on. */
export function createIdentities({ journal }: { journal: Journal }) {
  const checked = new Set<string>()
  /** How often the person behind an address changed. */
  const turns = new Map<string, number>()

  function hashOf(customer: Customer): string {
    const turn = turns.get(addressOf(customer)) ?? 0
    const digest = createHash('sha256').update(`identity ${customer.userId} ${turn}`).digest()
    return digest.subarray(0, 8).toString('base64')
  }

  return {
    /** The number's settings edge. */
    read: (phoneNumberId: string) => ({
      user_identity_change: { enable_identity_key_check: checked.has(phoneNumberId) },
    }),
    update(phoneNumberId: string, input: unknown) {
      const enabled = parseInput(settingsSchema, input).user_identity_change.enable_identity_key_check
      if (enabled) checked.add(phoneNumberId)
      else checked.delete(phoneNumberId)
      journal.append({ kind: 'identity-check', phoneNumberId, enabled })
    },
    /** Another phone, WhatsApp anew, or another person with the same phone number. */
    change(customer: Customer): string {
      const address = addressOf(customer)
      const turn = (turns.get(address) ?? 0) + 1
      turns.set(address, turn)
      journal.append({ kind: 'identity', address, turn })
      return hashOf(customer)
    },
    hashOf,
    /** What webhooks of a number say of a customer; nothing while its check is off. */
    toldHash: (phoneNumberId: string, customer: Customer) =>
      checked.has(phoneNumberId) ? hashOf(customer) : undefined,
    restoreCheck: (phoneNumberId: string, enabled: boolean) =>
      void (enabled ? checked.add(phoneNumberId) : checked.delete(phoneNumberId)),
    restoreTurn: (address: string, turn: number) => void turns.set(address, turn),
    all: () => [
      ...[...checked].map((phoneNumberId) => ({ kind: 'identity-check', phoneNumberId, enabled: true })),
      ...[...turns].map(([address, turn]) => ({ kind: 'identity', address, turn })),
    ],
  }
}
