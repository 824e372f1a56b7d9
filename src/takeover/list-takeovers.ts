import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { TakeoverKind } from './active-takeover.ts'

export interface TakeoverDetail {
  id: string
  conversationId: string
  contactId: string
  kind: TakeoverKind
  reason: string
  by: string
  target: JsonObject | null
  runId: string | null
  beganAt: string
  takenAt: string | null
  takenBy: string | null
  endsAt: string | null
}

const detailSql = `select t.hold_id as id, t.conversation_id as "conversationId", t.contact_id as "contactId", t.kind, t.reason,
  t.by, t.target, t.run_id as "runId", ${isoTime('t.began_at')} as "beganAt", ${isoTime('t.taken_at')} as "takenAt",
  t.taken_by as "takenBy", ${isoTime('t.ends_at')} as "endsAt" from takeovers t`

/** Chats that agents have, and those that wait for one; the oldest first. */
export async function listTakeovers(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    waiting?: boolean | undefined
    contactId?: string | undefined
    after?: string | undefined
    limit: number
  },
): Promise<TakeoverDetail[]> {
  const { workspaceId, waiting = null, contactId = null, after = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<TakeoverDetail[]>(
    `${detailSql} where t.workspace_id = ? and t.ended_at is null and (?::boolean is null or ? = (t.taken_at is null))
       and (?::uuid is null or t.contact_id = ?)
       and (?::uuid is null or t.hold_id > ?) order by t.hold_id limit ?`,
    [workspaceId, waiting, waiting, contactId, contactId, after, after, limit],
  )
}

export async function getTakeover(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  holdId: string,
): Promise<TakeoverDetail> {
  const [takeover] = await forkFor(deps.orm, workspaceId).execute<TakeoverDetail[]>(
    `${detailSql} where t.workspace_id = ? and t.hold_id = ?`,
    [workspaceId, holdId],
  )
  if (!takeover) throw new AppError('not_found', `there is no takeover ${holdId}`)
  return takeover
}
