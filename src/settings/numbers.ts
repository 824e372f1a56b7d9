import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { PhoneNumber } from './entities.ts'

/** A business phone number with its secrets opened. Never leaves the process. */
export interface NumberAccess {
  id: string
  workspaceId: string
  phoneNumberId: string
  wabaId: string
  portfolioId: string
  accessToken: string
  appSecret: string
  verifyTokenHash: string
  messagesPerSecond: number
  identityCheck: boolean
}

/** Secrets change rarely and are read at every webhook and send: a process keeps them this long. */
const freshMs = 10_000
const caches = new WeakMap<object, { atMs: number; numbers: Promise<NumberAccess[]> }>()

/** All numbers of the installation. Numbers are few (tens), lookups are many. */
export async function listNumberAccess(deps: Pick<Deps, 'orm' | 'seal'>): Promise<NumberAccess[]> {
  const cached = caches.get(deps.orm)
  if (cached && Date.now() - cached.atMs < freshMs) return cached.numbers
  const numbers = loadAll(deps)
  caches.set(deps.orm, { atMs: Date.now(), numbers })
  numbers.catch(() => caches.delete(deps.orm))
  return numbers
}

export async function findNumberAccess(
  deps: Pick<Deps, 'orm' | 'seal'>,
  numberId: string,
): Promise<NumberAccess> {
  const find = async () => (await listNumberAccess(deps)).find((each) => each.id === numberId)
  let number = await find()
  if (!number) {
    // Another process may have added it meanwhile.
    forgetNumberAccess(deps)
    number = await find()
  }
  if (!number) throw new AppError('not_found', `phone number ${numberId} does not exist`)
  return number
}

/** After a change of numbers in this process. */
export function forgetNumberAccess(deps: Pick<Deps, 'orm'>): void {
  caches.delete(deps.orm)
}

async function loadAll({ orm, seal }: Pick<Deps, 'orm' | 'seal'>): Promise<NumberAccess[]> {
  const rows = await orm.em.fork().find(PhoneNumber, {}, { filters: false })
  return rows.map((row) => ({
    id: row.id,
    workspaceId: row.workspaceId,
    phoneNumberId: row.phoneNumberId,
    wabaId: row.wabaId,
    portfolioId: row.portfolioId,
    accessToken: seal.unseal(row.sealedAccessToken).toString('utf8'),
    appSecret: seal.unseal(row.sealedAppSecret).toString('utf8'),
    verifyTokenHash: row.verifyTokenHash,
    messagesPerSecond: row.messagesPerSecond,
    identityCheck: row.identityCheck,
  }))
}
