import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { AutopilotPolicy } from '../model/autopilot.ts'
import { loadPolicy } from './policies.ts'

/** How many people a portfolio may still write to first, within WhatsApp's moving 24 hours. */
export interface Reach {
  /** Null: without limit, or not known. */
  limit: number | null
  /** What of it campaigns may use: the rest is for journeys and agents. */
  forCampaigns: number | null
  used: number
  /** Null: without limit. */
  room: number | null
  /** When there is room again; null while there is some. */
  roomAt: string | null
}

/** The same for who is about to use it up: until the caller's transaction ends, nobody else of the portfolio does. */
export async function lockReach(
  em: Em,
  { workspaceId, numberId, portfolioId }: { workspaceId: string; numberId: string; portfolioId: string },
  policy: Pick<AutopilotPolicy, 'keepFree'>,
): Promise<Reach> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 11))', [`${workspaceId} ${portfolioId}`])
  return loadReach(em, workspaceId, numberId, policy)
}

/** Sums a day's minutes, which are 1,440 at most: it costs the same for ten people and for a million. */
export async function loadReach(
  em: Em,
  workspaceId: string,
  numberId: string,
  policy?: Pick<AutopilotPolicy, 'keepFree'>,
): Promise<Reach> {
  const { keepFree } = policy ?? (await loadPolicy(em, workspaceId, numberId))
  const [row] = await em.execute<
    { limit: number | null; cap: number | null; used: number; room_at: string }[]
  >(
    `with number as (
       select portfolio_id, messaging_limit, floor(messaging_limit * (1 - ?::float8))::int as cap from phone_numbers
       where workspace_id = ? and id = ?),
     minutes as (
       select m.minute, sum(m.n) over (order by m.minute desc) as since from initiated_minutes m, number
       where m.workspace_id = ? and m.portfolio_id = number.portfolio_id and m.minute > now() - interval '24 hours')
     select messaging_limit as "limit", cap, coalesce((select max(since) from minutes), 0)::int as used,
       (select ${isoTime(`(max(minute) + interval '24 hours 1 minute')`)} from minutes where since >= number.cap) as room_at
     from number`,
    [keepFree, workspaceId, numberId, workspaceId],
  )
  const { limit = null, cap = null, used = 0, room_at: roomAt = null } = row ?? {}
  const room = cap === null ? null : Math.max(0, cap - used)
  return { limit, forCampaigns: cap, used, room, roomAt: room === 0 ? roomAt : null }
}
