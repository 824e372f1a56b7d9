import { outcomeWords } from '../model/outcome-words.ts'

/** Something that was counted, of one variant. */
export interface CountRow {
  metric: string
  variant: string
  detail: string
  n: number
}
export interface Reason {
  code: string
  words: string
  count: number
}

/** What became of a run, of all runs of a campaign, or of those who got one variant. People are counted before `sent`. */
export interface CampaignNumbers {
  audience: number
  intended: number
  /** By the plan: nobody tried to reach them. */
  leftOut: Reason[]
  /** Refused when it was their turn. */
  skipped: Reason[]
  /** WhatsApp took the message. */
  sent: number
  delivered: number
  read: number
  clicked: number
  replied: number
  converted: number
  /** Of the conversions, in whole units. */
  conversionValue: number
  /** Of those who were held out, who did without a message what it was for. */
  heldOutConverted: number
  failed: Reason[]
  /** Of the failed: refused at the call itself. */
  failedAtSend: number
  notOnWhatsApp: number
  unknown: number
  /** In the ledger, and to be sent still. */
  pending: number
  costMicros: number
}

/** Codes by which WhatsApp says that nobody is there, and ours for those we left out because of it. */
const notThere = new Set(['131026', 'not_on_whatsapp'])

export function toNumbers(rows: CountRow[]): CampaignNumbers {
  const byMetric = Map.groupBy(rows, ({ metric }) => metric)
  const total = (metric: string) => (byMetric.get(metric) ?? []).reduce((sum, { n }) => sum + n, 0)
  const reasons = (metric: string) => toReasons(byMetric.get(metric) ?? [])
  const [leftOut, skipped, failed] = [reasons('left-out'), reasons('skipped'), reasons('failed')]
  const intended = total('intended')
  return {
    ...{ audience: intended + total('left-out'), intended, leftOut, skipped },
    ...{ sent: total('sent'), delivered: total('delivered'), read: total('read') },
    ...{ clicked: total('clicked'), replied: total('replied') },
    ...{ converted: total('converted'), conversionValue: total('value') / 1_000_000 },
    heldOutConverted: total('held-converted'),
    ...{ failed, failedAtSend: total('refused') },
    notOnWhatsApp: [...leftOut, ...skipped, ...failed].reduce(
      (sum, { code, count }) => sum + (notThere.has(code) ? count : 0),
      0,
    ),
    ...{ unknown: total('unknown'), pending: total('planned'), costMicros: total('cost') },
  }
}

function toReasons(rows: CountRow[]): Reason[] {
  const sums = new Map<string, number>()
  for (const { detail, n } of rows) sums.set(detail, (sums.get(detail) ?? 0) + n)
  return [...sums]
    .filter(([, count]) => count !== 0)
    .map(([code, count]) => ({ code, words: outcomeWords(code) ?? code, count }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
}

export function sumOf(reasons: Reason[]): number {
  return reasons.reduce((sum, { count }) => sum + count, 0)
}
