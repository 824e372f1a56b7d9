import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { consentSettingsSchema, type ConsentSettings } from '../model/consent-settings.ts'
import { compileConsentRules, type ConsentRules } from '../model/judge-consent.ts'

/** Every webhook asks, and settings change rarely: a process keeps them this long. */
const freshMs = 5_000

interface Kept {
  atMs: number
  stored: string
  rules: Promise<ConsentRules>
}
const caches = new WeakMap<object, Map<string, Kept>>()

/** How a number listens: by its own settings, else by its workspace's, else as the product ships. */
export async function findConsentRules(
  em: Em,
  workspaceId: string,
  numberId: string | null,
): Promise<ConsentRules> {
  const cache = cacheOf(em)
  const key = `${workspaceId} ${numberId}`
  const kept = cache.get(key)
  if (kept && Date.now() - kept.atMs < freshMs) return kept.rules
  const rules = load(em, workspaceId, numberId, kept).then((loaded) => {
    cache.set(key, loaded)
    return loaded.rules
  })
  cache.set(key, { atMs: Date.now(), stored: '', rules })
  rules.catch(() => cache.delete(key))
  return rules
}

/** After a change of settings in this process. */
export function forgetConsentRules(em: Em): void {
  cacheOf(em).clear()
}

/** The driver is one object for all the forks of a process. */
function cacheOf(em: Em): Map<string, Kept> {
  const known = caches.get(em.getDriver())
  if (known) return known
  const cache = new Map<string, Kept>()
  caches.set(em.getDriver(), cache)
  return cache
}

async function load(em: Em, workspaceId: string, numberId: string | null, kept?: Kept): Promise<Kept> {
  const settings = (await findConsentSettings(em, workspaceId, numberId)).settings
  const stored = JSON.stringify(settings)
  const same = kept?.stored === stored ? kept.rules : undefined
  return { atMs: Date.now(), stored, rules: same ?? Promise.resolve(compileConsentRules(settings)) }
}

export interface StoredSettings {
  settings: ConsentSettings
  /** Whose they are; null where nobody has set any. */
  from: 'workspace' | 'number' | 'product'
  updatedAt: string | null
  by: string | null
}

export async function findConsentSettings(
  em: Em,
  workspaceId: string,
  numberId: string | null,
): Promise<StoredSettings> {
  const [row] = await em.execute<
    { number_id: string | null; settings: object; updated_at: string; by: string }[]
  >(
    `select number_id, settings, ${isoTime('updated_at')} as updated_at, by from consent_settings
     where workspace_id = ? and (number_id is null or number_id = ?) order by number_id nulls last limit 1`,
    [workspaceId, numberId],
  )
  const settings = consentSettingsSchema.parse(row?.settings ?? {})
  if (!row) return { settings, from: 'product', updatedAt: null, by: null }
  const from = row.number_id === null ? 'workspace' : 'number'
  return { settings, from, updatedAt: row.updated_at, by: row.by }
}
