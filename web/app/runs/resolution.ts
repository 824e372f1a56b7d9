import type { JsonObject } from '../../../src/model/json.ts'

export const actionWords = {
  retry: 'Try the card again',
  skip: 'Skip the card',
  goto: 'Go on at another card',
  'use-version': 'Go on in the published version',
  exit: 'End the run',
}
export type Action = keyof typeof actionWords

/** What an engineer decides about a stuck run. */
export interface Resolution {
  action: Action
  card?: string
  outlet?: string
  reason?: string
  vars?: JsonObject
}

/** With what its action takes, and nothing that was typed for another. */
export function toOrder({ action, card, outlet, reason, vars }: Resolution): JsonObject {
  return {
    action,
    ...(action === 'goto' && { card: card ?? '' }),
    ...(action === 'skip' && outlet && { outlet }),
    ...(action === 'exit' && reason && { reason }),
    ...(vars && Object.keys(vars).length > 0 && { vars }),
  }
}
