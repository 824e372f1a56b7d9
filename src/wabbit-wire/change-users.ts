import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { getPerson, type ChatPermissions, type Person } from '../people/find-people.ts'
import { addUser, changeUser } from '../people/manage-users.ts'
import { toWireUser, type WireUser } from './users.ts'
import type { WireCaller } from './wire-caller.ts'

/** A user as the wire writes one; what is absent stays as it is. */
export interface UserInput {
  username?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  email?: string | undefined
  role?: Person['role'] | undefined
  /** Numbers of groups. Those that follow roles may be named and are not chosen. */
  groups?: number[] | undefined
  permissions?: { [K in keyof ChatPermissions]?: ChatPermissions[K] | undefined } | undefined
}

/** Somebody new, with the code that activates the account: it is told this once. */
export async function createWireUser(
  deps: Pick<Deps, 'orm' | 'config'>,
  caller: WireCaller,
  { actor, ...input }: UserInput & { actor: Actor; username: string },
): Promise<{ user: WireUser; code: string }> {
  const em = forkFor(deps.orm, caller.workspaceId)
  const { groups, permissions, ...fields } = input
  const groupIds = groups && (await ownGroups(em, caller.workspaceId, groups))
  const { user, invitation } = await inWireWords(() =>
    addUser(deps, { actor, ...fields, ...(permissions && { permissions }), ...(groupIds && { groupIds }) }),
  )
  return { user: toWireUser(caller, user), code: invitation?.code ?? '' }
}

/**
 * Changes what is different from what holds. Callers send a user back as they were shown it: what follows from groups and role
 * is no wish of theirs to set it.
 */
export async function changeWireUser(
  deps: Pick<Deps, 'orm'>,
  caller: WireCaller,
  { actor, number, ...input }: UserInput & { actor: Actor; number: number },
): Promise<WireUser> {
  const { workspaceId } = caller
  const em = forkFor(deps.orm, workspaceId)
  const person = await getPerson(em, workspaceId, number)
  if (actor.role !== 'admin' && actor.id !== person.id)
    throw new AppError('forbidden', 'You do not have permission to perform this action.')
  const { groups, permissions, ...fields } = input
  const groupIds = groups && (await ownGroups(em, workspaceId, groups))
  const wanted = permissions && differing(person, permissions)
  const user = await inWireWords(() =>
    changeUser(deps, {
      ...{ actor, userId: person.id, ...fields },
      ...(wanted && { permissions: wanted }),
      ...(groupIds && { groupIds }),
    }),
  )
  return toWireUser(caller, user)
}

function differing({ permissions: holds }: Person, wanted: NonNullable<UserInput['permissions']>) {
  const different = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== holds[name as keyof ChatPermissions],
  )
  return different.length > 0 ? (Object.fromEntries(different) as typeof wanted) : undefined
}

/** Of groups by their numbers those that can be joined and left. */
async function ownGroups(em: Em, workspaceId: string, numbers: number[]): Promise<string[]> {
  const rows = await em.execute<{ id: string; number: number; system: string | null }[]>(
    `select id, number::int, system from groups where workspace_id = ?
       and number in (select jsonb_array_elements_text(?::jsonb)::bigint)`,
    [workspaceId, JSON.stringify(numbers)],
  )
  const missing = numbers.find((number) => !rows.some((row) => row.number === number))
  if (missing !== undefined) {
    const message = `Invalid pk "${missing}" - object does not exist.`
    throw new AppError('invalid_input', message, { fields: [{ field: 'groups', message }] })
  }
  return rows.filter(({ system }) => system === null).map(({ id }) => id)
}

async function inWireWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const isTaken =
      error instanceof AppError && error.code === 'conflict' && error.fields[0]?.field === 'username'
    if (!isTaken) throw error
    const message = 'A user with that username already exists.'
    throw new AppError('conflict', message, { fields: [{ field: 'username', message }], cause: error })
  }
}
