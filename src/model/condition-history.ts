import { before } from './condition-period.ts'
import type { Leaf } from './condition-schema.ts'

/** What lies behind a contact, as far as the conditions that are being judged need it. */
export interface ConditionHistory {
  /** At least those of the types and windows asked about. */
  events: PastEvent[]
  segmentIds: ReadonlySet<string>
  runs: PastRun[]
  campaignMessages: CampaignMessage[]
  windows: { numberId: string; endsAtMs: number }[]
  consents: { category: string; state: 'opted_in' | 'opted_out' }[]
  /** Of everything. */
  optedOut: boolean
  lastSeenAtMs: number | undefined
  /** What has become of the newest message to the contact; nothing when there is none. */
  lastMessage?: readonly Leaf<'last-message'>['status'][] | undefined
}

export interface PastEvent {
  type: string
  atMs: number
  attributes: Record<string, unknown>
}
export interface PastRun {
  journeyId: string
  state: string
  goalReached: boolean
  startedAtMs: number
  endedAtMs: number | undefined
}
/** When each thing happened to a message of a campaign; undefined for what did not. */
export interface CampaignMessage {
  campaignId: string
  at: Partial<Record<Leaf<'campaign'>['what'], number>>
}

type Judge<K extends Parameters<typeof holdsInHistory>[0]['kind']> = (
  leaf: Leaf<K>,
  history: ConditionHistory,
  nowMs: number,
) => boolean

/** Kinds that look at what lies behind a contact, events apart. */
export function holdsInHistory(
  leaf: Leaf<'segment' | 'journey' | 'campaign' | 'last-seen' | 'last-message' | 'window' | 'consent'>,
  history: ConditionHistory,
  nowMs: number,
): boolean {
  switch (leaf.kind) {
    case 'segment':
      return history.segmentIds.has(leaf.segmentId) === leaf.member
    case 'journey':
      return isEngaged(leaf, history, nowMs)
    case 'campaign':
      return reactedToCampaign(leaf, history, nowMs)
    case 'last-seen':
      return wasSeen(leaf, history, nowMs)
    case 'last-message':
      return (history.lastMessage ?? []).includes(leaf.status) === leaf.is
    case 'window':
      return hasWindow(leaf, history, nowMs)
    case 'consent':
      return hasConsent(leaf, history, nowMs)
  }
}

const isEngaged: Judge<'journey'> = ({ journeyId, what, within }, { runs }, nowMs) => {
  const sinceMs = within ? before(nowMs, within) : Number.NEGATIVE_INFINITY
  return runs.some((run) => {
    if (run.journeyId !== journeyId) return false
    const atMs = engagements[what](run)
    return atMs !== undefined && atMs >= sinceMs
  })
}

/** When a run was what is asked; undefined when it was not. */
const engagements: Record<Leaf<'journey'>['what'], (run: PastRun) => number | undefined> = {
  entered: (run) => run.startedAtMs,
  active: (run) => (run.endedAtMs === undefined ? run.startedAtMs : undefined),
  completed: (run) => (run.state === 'completed' ? run.endedAtMs : undefined),
  exited: (run) => (run.state === 'exited' || run.state === 'cancelled' ? run.endedAtMs : undefined),
  failed: (run) => (run.state === 'failed' ? run.endedAtMs : undefined),
  'goal-reached': (run) => (run.goalReached ? (run.endedAtMs ?? run.startedAtMs) : undefined),
}

const reactedToCampaign: Judge<'campaign'> = ({ campaignId, what, within }, { campaignMessages }, nowMs) => {
  const sinceMs = within ? before(nowMs, within) : Number.NEGATIVE_INFINITY
  return campaignMessages.some((message) => {
    const atMs = message.at[what]
    const isAsked = campaignId === undefined || message.campaignId === campaignId
    return isAsked && atMs !== undefined && atMs >= sinceMs
  })
}

const wasSeen: Judge<'last-seen'> = ({ operator, period }, { lastSeenAtMs }, nowMs) => {
  if (operator === 'never') return lastSeenAtMs === undefined
  if (lastSeenAtMs === undefined || !period) return false
  const sinceMs = before(nowMs, period)
  return operator === 'within' ? lastSeenAtMs >= sinceMs : lastSeenAtMs < sinceMs
}

const hasWindow: Judge<'window'> = ({ open, numberId }, { windows }, nowMs) =>
  windows.some((each) => (numberId === undefined || each.numberId === numberId) && each.endsAtMs > nowMs) ===
  open

/** Who opted out of everything opted out of each category; who never said anything is `unknown`. */
const hasConsent: Judge<'consent'> = ({ category, state }, { consents, optedOut }) => {
  if (optedOut) return state === 'opted_out'
  const said = consents.filter((each) => category === 'any' || each.category === category)
  return state === 'unknown' ? said.length === 0 : said.some((each) => each.state === state)
}
