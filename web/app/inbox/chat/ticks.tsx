import type { Ledger } from '../../api/inbox-shapes.ts'

interface Told {
  sign: string
  words: string
  color?: string
}

/** How far what we sent has come, as WhatsApp shows it. */
function tellState({ state, status }: Pick<Ledger, 'state' | 'status'>): Told {
  if (state === 'failed' || status === 'failed')
    return { sign: '!', words: 'failed', color: 'var(--mantine-color-red-7)' }
  if (state === 'skipped') return { sign: '⊘', words: 'not sent', color: 'var(--mantine-color-dimmed)' }
  if (status === 'played') return { sign: '✓✓', words: 'played', color: 'var(--inbox-read)' }
  if (status === 'read') return { sign: '✓✓', words: 'read', color: 'var(--inbox-read)' }
  if (status === 'delivered') return { sign: '✓✓', words: 'delivered' }
  if (status === 'sent' || state === 'accepted') return { sign: '✓', words: 'sent' }
  if (state === 'unknown') return { sign: '?', words: 'nobody knows whether it arrived' }
  return { sign: '◷', words: 'being sent' }
}

export function Ticks({ of }: { of: Pick<Ledger, 'state' | 'status'> }) {
  const { sign, words, color } = tellState(of)
  return (
    <span className="inbox-ticks" style={{ color }} role="img" aria-label={words} title={words}>
      {sign}
    </span>
  )
}
