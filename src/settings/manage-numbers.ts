import { UniqueConstraintViolationException, type InferEntity } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { PhoneNumber } from './entities.ts'
import { forgetNumberAccess } from './numbers.ts'

type NumberRow = InferEntity<typeof PhoneNumber>

export interface NumberInput {
  phoneNumberId: string
  wabaId: string
  displayNumber: string
  portfolioId: string
  accessToken: string
  appSecret: string
  verifyToken: string
  messagesPerSecond: number
  messagingLimit?: number | null | undefined
}
export type NumberChange = Partial<Omit<NumberInput, 'phoneNumberId'> & { identityCheck: boolean }>

/** Connects a business number. Meta's id of it belongs to one workspace of the installation. */
export async function createNumber(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  input: NumberInput,
): Promise<NumberRow> {
  const em = forkFor(deps.orm, workspaceId)
  const { phoneNumberId, wabaId, displayNumber, portfolioId, messagesPerSecond } = input
  const row = em.create(PhoneNumber, {
    ...{ id: newId(), workspaceId, phoneNumberId, wabaId, displayNumber, portfolioId, messagesPerSecond },
    messagingLimit: input.messagingLimit ?? null,
    sealedAccessToken: deps.seal.seal(input.accessToken),
    sealedAppSecret: deps.seal.seal(input.appSecret),
    verifyTokenHash: hashSecret(input.verifyToken),
    createdAt: new Date(),
  })
  try {
    await em.persist(row).flush()
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error
    const message = 'is connected already'
    const fields = [{ field: 'phoneNumberId', message }]
    throw new AppError('conflict', `phoneNumberId ${message}`, { fields })
  }
  forgetNumberAccess(deps)
  return row
}

export async function updateNumber(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  id: string,
  change: NumberChange,
): Promise<NumberRow> {
  const { accessToken, appSecret, verifyToken, ...plain } = change
  const em = forkFor(deps.orm, workspaceId)
  const row = await em.findOne(PhoneNumber, id)
  if (!row) throw numberNotFound(id)
  em.assign(row, {
    ...plain,
    ...(accessToken !== undefined && { sealedAccessToken: deps.seal.seal(accessToken) }),
    ...(appSecret !== undefined && { sealedAppSecret: deps.seal.seal(appSecret) }),
    ...(verifyToken !== undefined && { verifyTokenHash: hashSecret(verifyToken) }),
  })
  await em.flush()
  forgetNumberAccess(deps)
  return row
}

export async function getNumber(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  id: string,
): Promise<NumberRow> {
  const row = await forkFor(orm, workspaceId).findOne(PhoneNumber, id)
  if (!row) throw numberNotFound(id)
  return row
}

export async function listNumbers(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, limit, after }: { workspaceId: string; limit: number; after?: string | undefined },
): Promise<NumberRow[]> {
  const where = after ? { id: { $gt: after } } : {}
  return forkFor(orm, workspaceId).find(PhoneNumber, where, { orderBy: { id: 'asc' }, limit: limit + 1 })
}

function numberNotFound(id: string): AppError {
  return new AppError('not_found', `there is no number ${id}`)
}
