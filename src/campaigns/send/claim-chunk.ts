import { lockReach, type Reach } from '../../autopilot/reach.ts'
import { stopRun } from '../../autopilot/stop-runs.ts'
import { findStops } from '../../autopilot/stops.ts'
import { forkFor, type Em } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { lockNumberHold } from '../../holds/check-holds.ts'
import { isInitiating } from '../../inbox/count-initiated.ts'
import { loadTraffics, lockPaces } from './heed-arbiter.ts'
import type { LoadedTraffic } from '../../arbiter/load-traffic.ts'
import { arbiterSettingsSchema } from '../../model/arbiter-settings.ts'
import type { JsonObject } from '../../model/json.ts'
import { judgeCandidate, nothing, type Judged, type Judging } from './judge-candidates.ts'
import type { Lane } from './lane.ts'
import { loadCandidates, pickDue, pickNext, type Candidate, type Picked } from './load-candidates.ts'
import { writeClaim, type ClaimedPerson } from './write-claim.ts'

/** What a lane may do now. */
interface Turn {
  state: string
  messages_per_second: number | null
  budget_micros: number | null
  spent_micros: number
  winner: string | null
  cursor: number
  is_canary_out: boolean
  /** WhatsApp limits whom the number may write to first. */
  is_limited: boolean
  now_ms: number
  arbiter: JsonObject | null
  has_stops: boolean
  is_held: boolean
  /** Messages are to be tried again, of one of the run's numbers. */
  has_due: boolean
}
export type Claim =
  | { kind: 'claimed'; people: ClaimedPerson[]; messagesPerSecond: number | null }
  /** Nothing is due: at once after the time given, or never when it is not. */
  | { kind: 'idle'; nextInMs: number | undefined; isThrough: boolean }
  /** Somebody or something holds the run back. */
  | { kind: 'halted'; state: string; why: string; isCanary?: boolean; waitMs?: number }

export interface ClaimOrder {
  limit: number
  /** A person whose message cannot even be written down: passed over, with these words. */
  poison?: string | undefined
  media: Judging['media']
}

/**
 * Takes the next people of a lane over into the ledger, in one short transaction: what it returns is in flight, committed, and
 * to be posted by the caller and by nobody else. The lane's row is locked, so of two workers that believe to have the lane
 * each goes on where the other one has come to.
 */
export async function claimChunk(deps: Pick<Deps, 'orm'>, lane: Lane, order: ClaimOrder): Promise<Claim> {
  return forkFor(deps.orm, lane.workspaceId).transactional(async (em) => {
    const turn = await takeTurn(em, lane)
    if (turn.state !== 'sending' && turn.state !== 'settling')
      return { kind: 'halted', state: turn.state, why: turn.state }
    const { workspaceId, number } = lane
    const stops = turn.has_stops ? await findStops(em, workspaceId, number.id) : undefined
    const hold = turn.is_held ? await lockNumberHold(em, workspaceId, number.id) : undefined
    const held = lane.composer.unavailable ?? stops?.campaigns?.reason ?? hold
    if (held !== undefined) return { kind: 'halted', state: turn.state, why: held }
    const picked = await pick(em, lane, turn, order.limit)
    if (picked.length === 0) return idle(em, lane, turn)
    const picks = untilWinner(lane, turn, picked)
    if (picks.length === 0) return { kind: 'halted', state: turn.state, why: 'the winner is not known yet' }
    const arbiter = turn.arbiter ? arbiterSettingsSchema.parse(turn.arbiter) : undefined
    if (arbiter) await lockPaces(em, lane, picks)
    const candidates = await loadCandidates(em, lane, picks)
    const traffic = arbiter
      ? await loadTraffics(em, lane, arbiter, candidates)
      : new Map<string, LoadedTraffic>()
    const { now_ms: nowMs, winner } = turn
    const { media, poison } = order
    const judged = judge(lane, candidates, { nowMs, arbiter, traffic, winner, media }, poison)
    const paid = withinBudget(judged, turn)
    if (paid.length < judged.length && paid.length === 0) {
      const { runId, factId: causeId } = lane
      const reason = judged[0] && isUnpriced(judged[0]) ? unpriced : 'the budget is spent'
      await stopRun(em, { workspaceId, runId, stopper: 'budget', reason, causeId })
      return { kind: 'halted', state: 'stopped', why: reason }
    }
    const reach = turn.is_limited
      ? await lockReach(em, { ...lane, numberId: number.id, portfolioId: number.portfolioId }, lane.policy)
      : undefined
    const within = withinReach(paid, reach?.room ?? null, nowMs)
    if (within.length === 0 && paid.length > 0 && reach) return beyondReach(turn, reach, nowMs)
    const people = await writeClaim(em, lane, within)
    await moveCursor(em, lane, turn.cursor, within, judged.length === within.length ? picks : [])
    const speed = speedOf(lane, turn, stops?.pace ?? 1)
    return { kind: 'claimed', people, messagesPerSecond: speed }
  })
}

/** Whoever steers the run waits for this transaction, and no later one begins after it. */
async function takeTurn(em: Em, { runId, workspaceId, lane, definition }: Lane): Promise<Turn> {
  const lock = definition.budget ? 'update' : 'share'
  const [turn] = await em.execute<Turn[]>(
    `select r.state, r.messages_per_second, r.budget_micros::float8 as budget_micros, r.spent_micros::float8 as spent_micros,
       r.winner, l.cursor, coalesce(r.canary ->> 'verdict' = 'passed', false) as is_canary_out,
       extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
       (select settings from arbiter_settings a where a.workspace_id = r.workspace_id) as arbiter,
       (select n.messaging_limit is not null from phone_numbers n where n.id = l.number_id) as is_limited,
       exists (select 1 from number_stops s where s.number_id = l.number_id and s.lifted_at is null) as has_stops,
       exists (select 1 from holds h where h.workspace_id = r.workspace_id and h.scope in ('workspace', 'number')
         and h.released_at is null) as is_held,
       exists (select 1 from messages m where m.campaign_run_id = r.id and m.state = 'planned'
         and m.due_at <= clock_timestamp()) as has_due
     from campaign_runs r join campaign_lanes l on l.run_id = r.id and l.lane = ?
     where r.id = ? and r.workspace_id = ? for ${lock} of r for update of l`,
    [lane, runId, workspaceId],
  )
  if (!turn) throw new Error(`run ${runId} has no lane ${lane}`)
  return turn
}

/** The run's own speed and, while the autopilot holds the number back, a share of the number's. */
function speedOf({ number }: Lane, turn: Turn, pace: number): number | null {
  const shared = pace < 1 ? number.messagesPerSecond * pace : Number.POSITIVE_INFINITY
  const speed = Math.min(turn.messages_per_second ?? Number.POSITIVE_INFINITY, shared)
  return Number.isFinite(speed) ? speed : null
}

async function pick(em: Em, lane: Lane, turn: Turn, limit: number): Promise<Picked[]> {
  const due = turn.has_due ? await pickDue(em, lane, limit) : []
  const left = Math.min(limit - due.length, canaryRoom(lane, turn))
  return left > 0 ? [...due, ...(await pickNext(em, lane, turn.cursor, left))] : due
}

/** Those before the first one whose message is still to be chosen: when the run stood still both may be due at once. */
function untilWinner({ definition }: Lane, { winner }: Turn, picked: Picked[]): Picked[] {
  if (!definition.winner || winner !== null) return picked
  const end = picked.findIndex(({ variant }) => variant === null)
  return end < 0 ? picked : picked.slice(0, end)
}

/** How many may go ahead before somebody has judged how it went for the first ones. */
function canaryRoom({ definition }: Lane, { is_canary_out: isOut, cursor }: Turn): number {
  const size = definition.canary && Math.ceil(definition.canary.size / (1 + definition.otherNumberIds.length))
  return size === undefined || isOut ? Number.POSITIVE_INFINITY : Math.max(0, size - cursor)
}

async function idle(em: Em, lane: Lane, turn: Turn): Promise<Claim> {
  const { runId, workspaceId, number } = lane
  const after = [runId, lane.lane, turn.cursor]
  const [row] = await em.execute<{ next_ms: number | null; waiting: number | null; is_through: boolean }[]>(
    `select extract(epoch from (select due_at from campaign_recipients where run_id = ? and lane = ? and seq > ?
         and workspace_id = ? order by seq limit 1) - clock_timestamp())::float8 * 1000 as next_ms,
       extract(epoch from (select min(due_at) from messages where campaign_run_id = ? and workspace_id = ? and number_id = ?
         and state = 'planned') - clock_timestamp())::float8 * 1000 as waiting,
       not exists (select 1 from campaign_recipients where run_id = ? and lane = ? and seq > ?) as is_through`,
    [...after, workspaceId, runId, workspaceId, number.id, ...after],
  )
  if (row?.next_ms !== null && row?.next_ms !== undefined && row.next_ms <= 0 && canaryRoom(lane, turn) === 0)
    return {
      kind: 'halted',
      state: turn.state,
      why: 'waiting for how it goes for the first ones',
      isCanary: true,
    }
  const next = [row?.next_ms, row?.waiting].filter((ms) => ms !== null && ms !== undefined)
  return {
    kind: 'idle',
    nextInMs: next.length > 0 ? Math.max(0, ...[Math.min(...next)]) : undefined,
    isThrough: row?.is_through ?? true,
  }
}

function judge(lane: Lane, candidates: Candidate[], judging: Judging, poison: string | undefined): Judged[] {
  const judged = candidates.map((each) => judgeCandidate(lane, each, judging))
  if (poison === undefined) return judged
  return judged.map((each) => ({
    ...each,
    messages: each.messages.slice(0, 1).map((message) => ({ ...message, content: nothing })),
    verdict: { kind: 'skip', code: 'invalid_message', reason: poison },
  }))
}

const unpriced = 'no rate card has a price for the next message: the budget could not be kept'

function isUnpriced({ verdict, messages }: Judged): boolean {
  return verdict.kind === 'send' && messages.some(({ costMicros }) => costMicros === null)
}

/** Of those in order, as many as the budget still pays for: not those of whom nobody knows what they cost. */
function withinBudget(judged: Judged[], { budget_micros: budget, spent_micros: spent }: Turn): Judged[] {
  if (budget === null) return judged
  let left = budget - spent
  const end = judged.findIndex((each) => {
    const { verdict, messages } = each
    if (verdict.kind !== 'send') return false
    if (isUnpriced(each)) return true
    left -= messages.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0)
    return left < 0
  })
  return end < 0 ? judged : judged.slice(0, end)
}

/** Of those in order, as many as the messaging limit has room for: it counts people whom we write to first. */
function withinReach(judged: Judged[], room: number | null, nowMs: number): Judged[] {
  if (room === null) return judged
  let left = room
  const end = judged.findIndex(({ verdict, candidate }) => {
    if (verdict.kind === 'send' && isInitiating(candidate, nowMs)) left -= 1
    return left < 0
  })
  return end < 0 ? judged : judged.slice(0, end)
}

function beyondReach(turn: Turn, { forCampaigns, roomAt }: Reach, nowMs: number): Claim {
  const why = `the messaging limit is used up (${forCampaigns} people in 24 hours for campaigns)${roomAt === null ? '' : `: room again at ${roomAt}`}`
  const waitMs = roomAt === null ? undefined : Math.max(1_000, Date.parse(roomAt) - nowMs)
  return { kind: 'halted', state: turn.state, why, ...(waitMs !== undefined && { waitMs }) }
}

/** @param all those that were looked at, when none was left for later: also whoever is not there any more is passed */
async function moveCursor(
  em: Em,
  { runId, workspaceId, lane }: Lane,
  from: number,
  done: Judged[],
  all: Picked[],
): Promise<void> {
  const seqs = [...done.map(({ candidate }) => candidate), ...all].flatMap(({ seq }) => seq ?? [])
  const cursor = Math.max(from, ...seqs)
  if (cursor === from) return
  await em.execute(
    'update campaign_lanes set cursor = ? where run_id = ? and lane = ? and workspace_id = ?',
    [cursor, runId, lane, workspaceId],
  )
}
