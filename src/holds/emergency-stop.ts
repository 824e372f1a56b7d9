import { exactTime, isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { getHold, type HoldRow } from './find-holds.ts'

export interface EscapedMessage {
  messageId: string
  contactId: string
  runId: string | null
  text: string
  plannedAt: string
  acceptedAt: string
  /** To the microsecond, for cursors. */
  key: string
}

const inScope: Record<HoldRow['scope'], string> = {
  workspace: 'true',
  number: 'm.number_id = ?',
  journey: 'm.run_id in (select r.id from runs r where r.journey_id = ?)',
  contact: 'm.contact_id = ?',
  run: 'm.run_id = ?',
}

function scopeParams({ scope, scopeId }: HoldRow): string[] {
  return scope === 'workspace' ? [] : [scopeId]
}

/** Sends that were under way when the stop was placed: WhatsApp accepted them after its instant. Oldest first. */
export async function listEscaped(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    holdId: string
    after: readonly [at: string, id: string] | undefined
    limit: number
  },
): Promise<EscapedMessage[]> {
  const { workspaceId, holdId, after, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  const hold = await getHold(em, workspaceId, holdId)
  if (hold?.kind !== 'stop') throw new AppError('not_found', `emergency stop ${holdId} does not exist`)
  return em.execute<EscapedMessage[]>(
    `select m.id as "messageId", m.contact_id as "contactId", m.run_id as "runId", m.text,
       ${isoTime('m.inflight_at')} as "plannedAt", ${isoTime('m.accepted_at')} as "acceptedAt", ${exactTime('m.accepted_at')} as key
     from messages m join holds h on h.id = ? where m.workspace_id = ? and m.direction = 'out'
       and m.accepted_at > h.placed_at and (h.released_at is null or m.accepted_at < h.released_at) and ${inScope[hold.scope]}
       and (?::timestamptz is null or (m.accepted_at, m.id) > (?::timestamptz, ?::uuid))
     order by m.accepted_at, m.id limit ?`,
    [
      ...[holdId, workspaceId, ...scopeParams(hold)],
      ...[after?.[0] ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
    ],
  )
}

export async function countEscaped(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  hold: HoldRow,
): Promise<number> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<{ n: number }[]>(
    `select count(*)::int as n from messages m join holds h on h.id = ? where m.workspace_id = ? and m.direction = 'out'
       and m.accepted_at > h.placed_at and (h.released_at is null or m.accepted_at < h.released_at) and ${inScope[hold.scope]}`,
    [hold.id, workspaceId, ...scopeParams(hold)],
  )
  return row?.n ?? 0
}
