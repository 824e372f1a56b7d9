import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { InferEntity } from '@mikro-orm/core'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { ApiKey, PhoneNumber } from './entities.ts'

/** `platform` opens the platform API; every other kind the dialect of that name, for one number. */
export const apiKeyKinds = ['platform', 'engati', 'chatman', 'chatinc'] as const
export type ApiKeyKind = (typeof apiKeyKinds)[number]

export interface ApiKeyInput {
  workspaceId: string
  name: string
  kind: ApiKeyKind
  /** The number that a dialect's key is bound to. */
  numberId?: string | undefined
}
type ApiKeyRow = InferEntity<typeof ApiKey>

/** What every key looks like: a prefix that secret scanners know, a name to look it up by, 256 random bits. */
const keyPattern = /^drip_([a-z0-9]{10})_([A-Za-z0-9_-]{43})$/
const prefixAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
const prefixLength = 10
/** One write a minute tells well enough whether a key is in use. */
const lastUsedEveryMs = 60_000

/** Makes a key. Its text is returned here and nowhere again: only a hash of it is kept. */
export async function createApiKey(
  { orm }: Pick<Deps, 'orm'>,
  input: ApiKeyInput,
): Promise<{ row: ApiKeyRow; key: string }> {
  const em = forkFor(orm, input.workspaceId)
  const numberId = input.numberId ?? null
  if (input.kind !== 'platform' && !numberId) refuseNumber('a key of this kind is bound to a number')
  if (numberId && !(await em.findOne(PhoneNumber, numberId))) refuseNumber('is no number of this workspace')
  const { prefix, secret } = drawKey()
  const { workspaceId, name, kind } = input
  const row = em.create(ApiKey, {
    ...{ id: newId(), workspaceId, name, kind, numberId, prefix, secretHash: hashSecret(secret) },
    ...{ createdAt: new Date(), lastUsedAt: null, revokedAt: null },
  })
  await em.persist(row).flush()
  return { row, key: textOf(prefix, secret) }
}

/** The live key that a text is, or undefined. Any kind: callers say which they take. */
export async function findApiKey(
  deps: Pick<Deps, 'orm' | 'background'>,
  text: string,
): Promise<ApiKeyRow | undefined> {
  const [, prefix, secret] = keyPattern.exec(text) ?? []
  if (!prefix || !secret) return undefined
  const row = await deps.orm.em.fork().findOne(ApiKey, { prefix }, { filters: false })
  if (!row || row.revokedAt || !isSame(row.secretHash, hashSecret(secret))) return undefined
  if (!row.lastUsedAt || Date.now() - row.lastUsedAt.getTime() > lastUsedEveryMs) markUsed(deps, row.id)
  return row
}

export async function listApiKeys(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, limit, after }: { workspaceId: string; limit: number; after?: string | undefined },
): Promise<ApiKeyRow[]> {
  const where = after ? { id: { $gt: after } } : {}
  return forkFor(orm, workspaceId).find(ApiKey, where, { orderBy: { id: 'asc' }, limit: limit + 1 })
}

/** From now on the key opens nothing; revoking it again changes nothing. */
export async function revokeApiKey(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<ApiKeyRow> {
  const em = forkFor(orm, workspaceId)
  const row = await em.findOne(ApiKey, id)
  if (!row) throw new AppError('not_found', `there is no API key ${id}`)
  row.revokedAt ??= new Date()
  await em.flush()
  return row
}

/** Gives a key another text under the same id; the old one opens nothing from now on. */
export async function regenerateApiKey(
  { orm }: Pick<Deps, 'orm'>,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<{ row: ApiKeyRow; key: string }> {
  const em = forkFor(orm, workspaceId)
  const row = await em.findOne(ApiKey, id)
  if (!row) throw new AppError('not_found', `there is no API key ${id}`)
  if (row.revokedAt) throw new AppError('conflict', 'this API key was revoked, which is for ever')
  const { prefix, secret } = drawKey()
  Object.assign(row, { prefix, secretHash: hashSecret(secret), lastUsedAt: null })
  await em.flush()
  return { row, key: textOf(prefix, secret) }
}

function drawKey(): { prefix: string; secret: string } {
  const prefix = Array.from({ length: prefixLength }, () => prefixAlphabet[randomInt(36)]).join('')
  return { prefix, secret: randomBytes(32).toString('base64url') }
}

function textOf(prefix: string, secret: string): string {
  return `drip_${prefix}_${secret}`
}

/** Out of the request's way; of many requests at once the first writes. */
function markUsed({ orm, background }: Pick<Deps, 'orm' | 'background'>, id: string): void {
  const isDue = {
    $or: [{ lastUsedAt: null }, { lastUsedAt: { $lt: new Date(Date.now() - lastUsedEveryMs) } }],
  }
  background.run('last use of an API key', () =>
    orm.em.fork().nativeUpdate(ApiKey, { id, ...isDue }, { lastUsedAt: new Date() }, { filters: false }),
  )
}

function isSame(expectedHex: string, actualHex: string): boolean {
  const [expected, actual] = [Buffer.from(expectedHex, 'hex'), Buffer.from(actualHex, 'hex')]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function refuseNumber(message: string): never {
  throw new AppError('invalid_input', `numberId ${message}`, { fields: [{ field: 'numberId', message }] })
}
