import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getPerson } from '../people/find-people.ts'
import { loadWireUsers, toWireUser, type WireGroup, type WireUser } from './users.ts'
import type { WireCaller } from './wire-caller.ts'

type Held = Pick<Deps, 'orm'>
type Whose = Pick<WireCaller, 'workspaceId' | 'baseUrl'>
interface Page {
  limit: number
  offset: number
}

/** Users by our ids. */
export async function listWireUsers(
  { orm }: Held,
  whose: Whose,
  ids: readonly string[],
): Promise<Map<string, WireUser>> {
  return loadWireUsers(forkFor(orm, whose.workspaceId), whose, ids)
}

/** Everybody who was not deactivated, in the order of their numbers. */
export async function listUsersByPage(
  { orm }: Held,
  whose: Whose,
  { limit, offset }: Page,
): Promise<{ count: number; results: WireUser[] }> {
  const em = forkFor(orm, whose.workspaceId)
  const [total] = await em.execute<{ count: number }[]>(
    'select count(*)::int as count from users where workspace_id = ? and deactivated_at is null',
    [whose.workspaceId],
  )
  const rows = await em.execute<{ id: string }[]>(
    'select id from users where workspace_id = ? and deactivated_at is null order by number limit ? offset ?',
    [whose.workspaceId, limit, offset],
  )
  const ids = rows.map(({ id }) => id)
  const users = await loadWireUsers(em, whose, ids)
  return { count: total?.count ?? 0, results: ids.flatMap((id) => users.get(id) ?? []) }
}

/** @param user our id, or the wire's number */
export async function getWireUser({ orm }: Held, whose: Whose, user: string | number): Promise<WireUser> {
  const em = forkFor(orm, whose.workspaceId)
  return toWireUser(whose, await getPerson(em, whose.workspaceId, user))
}

export async function findUserId({ orm }: Held, workspaceId: string, number: number): Promise<string> {
  return (await getPerson(forkFor(orm, workspaceId), workspaceId, number)).id
}

export async function listGroupsByPage(
  { orm }: Held,
  { workspaceId }: Whose,
  { limit, offset }: Page,
): Promise<{ count: number; results: WireGroup[] }> {
  const em = forkFor(orm, workspaceId)
  const [total] = await em.execute<{ count: number }[]>(
    'select count(*)::int as count from groups where workspace_id = ?',
    [workspaceId],
  )
  const results = await em.execute<WireGroup[]>(
    'select number::int as id, name from groups where workspace_id = ? order by number limit ? offset ?',
    [workspaceId, limit, offset],
  )
  return { count: total?.count ?? 0, results }
}
