import type { InferEntity } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { User } from './entities.ts'
import { checkPassword } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { refuseField, refuseTaken } from './refuse-field.ts'

export interface UserInput {
  workspaceId: string
  /** Unique over the whole installation: it is all that one types to sign in. */
  username: string
  password: string
  role: 'admin' | 'user' | 'app'
}

/** Somebody who may sign in at once. */
export async function createUser(
  { orm }: Pick<Deps, 'orm'>,
  { password, ...input }: UserInput,
): Promise<InferEntity<typeof User>> {
  checkPassword(password, input.username)
  const em = forkFor(orm, input.workspaceId)
  await demandFreeName(em, input.username)
  const now = new Date()
  const user = em.create(User, {
    ...{
      id: newId(),
      ...input,
      passwordHash: await hashPassword(password),
      createdAt: now,
      activatedAt: now,
    },
    ...{ deactivatedAt: null, totpConfirmedAt: null },
  })
  await refuseTaken('username', () => em.persist(user).flush())
  return user
}

/** `Ann` and `ann` would be taken for each other. */
export async function demandFreeName(em: Em, username: string, exceptUserId?: string): Promise<void> {
  // Names are of the installation, so this looks beyond the workspace; it tells no more than signing up anywhere does.
  const [taken] = await em.execute(
    'select 1 from users where lower(username) = lower(?) and id is distinct from ?::uuid limit 1',
    [username, exceptUserId ?? null],
  )
  if (taken) refuseField('username', 'is taken', 'conflict')
}
