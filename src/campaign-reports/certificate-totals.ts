import { sayMicros } from '../pricing/price-list.ts'
import { certificateColumns } from './certificate-lines.ts'

/** What the rows of a certificate add up to: of people, then of messages. */
export interface CertificateTotals {
  rows: number
  audience: number
  intended: number
  leftOut: Record<string, number>
  /** People whose message is in the ledger, and whose turn has not come. */
  begun: number
  waiting: number
  messages: number
  accepted: number
  failed: Record<string, number>
  skipped: Record<string, number>
  unknown: number
  pending: number
  /** Rows of a person and a message that were there before: the ledger's keys let none come about. */
  duplicates: number
  delivered: number
  read: number
  clicked: number
  replied: number
  converted: number
  cost: string
}

const at = (column: string) => certificateColumns.indexOf(column)
const cells = {
  ...{ contact: at('contact_id'), outcome: at('outcome'), code: at('code'), message: at('message_id') },
  ...{ delivered: at('delivered_at'), read: at('read_at'), clicked: at('clicked_at') },
  ...{ replied: at('replied_at'), converted: at('converted_at'), cost: at('cost') },
}

/**
 * Adds rows up from what they say themselves, so that whoever has the file comes to the same. Rows of one person follow one
 * another where there is a plan (else everybody counts once a message), and only the last one's id is kept: memory does not grow with the number of rows.
 */
export function createTotals() {
  const totals = {
    ...{ rows: 0, audience: 0, intended: 0, begun: 0, waiting: 0 },
    ...{ messages: 0, accepted: 0, unknown: 0, pending: 0, duplicates: 0 },
    ...{ delivered: 0, read: 0, clicked: 0, replied: 0, converted: 0 },
  }
  const [leftOut, failed, skipped] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ]
  let micros = 0
  let before = { contact: '', message: '' }
  const addTo = (reasons: Map<string, number>, code: string): void =>
    void reasons.set(code || 'unknown', (reasons.get(code || 'unknown') ?? 0) + 1)

  function addPerson(outcome: string, code: string): void {
    totals.audience += 1
    if (outcome === 'left-out') return addTo(leftOut, code)
    totals.intended += 1
    if (outcome === 'waiting') totals.waiting += 1
    else totals.begun += 1
  }

  function addMessage(row: string[], outcome: string, code: string): void {
    totals.messages += 1
    if (outcome === 'failed') addTo(failed, code)
    else if (outcome === 'skipped') addTo(skipped, code)
    else if (outcome === 'accepted' || outcome === 'unknown' || outcome === 'pending') totals[outcome] += 1
    if (row[cells.delivered] || row[cells.read]) totals.delivered += 1
    for (const each of ['read', 'clicked', 'replied', 'converted'] as const)
      if (row[cells[each]]) totals[each] += 1
    micros += Math.round(Number(row[cells.cost] || 0) * 1_000_000)
  }

  return {
    add(row: string[]): void {
      const [contact = '', message = ''] = [row[cells.contact], row[cells.message]]
      const [outcome = '', code = ''] = [row[cells.outcome], row[cells.code]]
      totals.rows += 1
      if (contact !== before.contact) addPerson(outcome, code)
      else if (message === '' || message === before.message) totals.duplicates += 1
      if (outcome !== 'left-out' && outcome !== 'waiting') addMessage(row, outcome, code)
      before = { contact, message }
    },
    result: (): CertificateTotals => ({
      ...totals,
      ...{ leftOut: inOrder(leftOut), failed: inOrder(failed), skipped: inOrder(skipped) },
      cost: sayMicros(micros),
    }),
  }
}

function inOrder(reasons: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...reasons].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
}

export interface Equation {
  says: string
  left: number
  right: number
  holds: boolean
}

/** What must be so of any run, at any time. */
export function listEquations(totals: CertificateTotals): Equation[] {
  const sum = (reasons: Record<string, number>) => Object.values(reasons).reduce((all, n) => all + n, 0)
  const { audience, intended, begun, waiting, messages, accepted, unknown, pending, duplicates } = totals
  const equations: [string, number, number][] = [
    ['audience = intended + left out', audience, intended + sum(totals.leftOut)],
    ['intended = begun + waiting', intended, begun + waiting],
    [
      'messages = accepted + failed + skipped + unknown + pending',
      messages,
      accepted + sum(totals.failed) + sum(totals.skipped) + unknown + pending,
    ],
    ['duplicates = 0', duplicates, 0],
  ]
  return equations.map(([says, left, right]) => ({ says, left, right, holds: left === right }))
}
