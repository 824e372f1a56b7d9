import { UniqueConstraintViolationException, type InferEntity } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { User } from './entities.ts'
import { hashPassword } from './passwords.ts'

export interface UserInput {
  workspaceId: string
  /** Unique over the whole installation: it is all that one types to sign in. */
  username: string
  password: string
  role: 'admin' | 'user' | 'app'
}

export async function createUser(
  { orm }: Pick<Deps, 'orm'>,
  { password, ...input }: UserInput,
): Promise<InferEntity<typeof User>> {
  const em = forkFor(orm, input.workspaceId)
  const passwordHash = await hashPassword(password)
  const user = em.create(User, { id: newId(), ...input, passwordHash, createdAt: new Date() })
  try {
    await em.persist(user).flush()
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = 'is taken'
    throw new AppError('conflict', `username ${message}`, { fields: [{ field: 'username', message }] })
  }
  return user
}
