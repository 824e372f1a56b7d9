import type { Ledger } from '../../api/inbox-shapes.ts'
import { errorWords } from '../../ui/error-words.ts'

const own: Record<string, string> = {
  window_closed: 'more than 24 hours since the contact wrote',
  opted_out: 'the contact does not want it',
  unreachable: 'the contact has no WhatsApp address',
  identity_changed: 'somebody else may be behind the number now',
}

/** Why it did not go out, or did not arrive: in our words where we have some, else in WhatsApp's. */
export function sayFailure({
  reasonCode,
  reason,
  words,
}: Pick<Ledger, 'reasonCode' | 'reason' | 'words'>): string {
  const known = reasonCode === null ? undefined : (own[reasonCode] ?? errorWords[reasonCode])
  return words ?? known ?? reason ?? 'nobody says why'
}
