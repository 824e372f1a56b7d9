import { findKeyNumber } from '../../integrations/dialog360/check-key.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { hashSecret } from '../kit/seal.ts'

type Bound = Actor & { numberId: string }

/** 360dialog is asked once in this time for one key, and what it refused is asked for again sooner. */
const validMs = 60_000
const invalidMs = 5_000
const maximumKept = 1_000
const caches = new WeakMap<object, Map<string, { untilMs: number; phoneNumberId: string | undefined }>>()

/**
 * Whom a key of 360dialog stands for: the first-registered active admin of the workspace whose number the key is for.
 * Undefined of a key that 360dialog does not take, or that is for nobody's number here.
 */
export async function findProviderAdmin(
  deps: Pick<Deps, 'orm' | 'config' | 'log'>,
  key: string,
): Promise<Bound | undefined> {
  if (!/^[\x21-\x7e]{8,500}$/.test(key)) return undefined
  const phoneNumberId = await askProvider(deps, key)
  if (phoneNumberId === undefined) return undefined
  const [row] = await deps.orm.em.fork().execute<{ workspaceId: string; numberId: string; userId: string }[]>(
    `select p.workspace_id as "workspaceId", p.id as "numberId", u.id as "userId" from phone_numbers p
     join users u on u.workspace_id = p.workspace_id
     where p.phone_number_id = ? and u.role = 'admin' and u.activated_at is not null and u.deactivated_at is null
     order by u.number limit 1`,
    [phoneNumberId],
  )
  if (!row) return undefined
  const { workspaceId, numberId, userId } = row
  return { workspaceId, kind: 'user', id: userId, role: 'admin', numberId }
}

async function askProvider(
  { orm, config, log }: Pick<Deps, 'orm' | 'config' | 'log'>,
  key: string,
): Promise<string | undefined> {
  const cache = caches.get(orm) ?? new Map<string, { untilMs: number; phoneNumberId: string | undefined }>()
  caches.set(orm, cache)
  const name = hashSecret(key)
  const known = cache.get(name)
  if (known && known.untilMs > Date.now()) return known.phoneNumberId
  const access = { baseUrl: config.D360_BASE_URL, timeoutMs: 5_000 }
  let phoneNumberId: string | undefined
  try {
    phoneNumberId = await findKeyNumber(access, key)
  } catch (error) {
    // Whoever cannot be asked vouches for nobody; other credentials may be good.
    log.warn({ err: error }, '360dialog did not say whether a key is valid')
  }
  cache.delete(name)
  cache.set(name, { phoneNumberId, untilMs: Date.now() + (phoneNumberId ? validMs : invalidMs) })
  const oldest = cache.keys().next()
  if (cache.size > maximumKept && !oldest.done) cache.delete(oldest.value)
  return phoneNumberId
}
