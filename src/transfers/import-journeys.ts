import { forkFor, type Em } from '../db/orm.ts'
import { evaluateTriggers } from '../journeys/evaluate-triggers.ts'
import { listTriggerInterests } from '../journeys/trigger-interests.ts'
import { relaySoon } from '../outbox/relay.ts'
import { findImport, lockImport, type ImportRow } from './imports.ts'
import type { SliceDeps, SliceInput, SliceResult } from './import-rows.ts'

/** Contacts come in portions of so many seconds of the allowed rate, one at least. */
const portionSeconds = 5

const outcomesFor = {
  created: ['created'],
  changed: ['created', 'updated'],
  all: ['created', 'updated', 'unchanged'],
} as const

/**
 * Asks the journeys with the trigger `import-contact` for a portion of the contacts, and says how long to wait before the
 * next, so that no more start a minute than was allowed.
 */
export async function startImportJourneys(
  deps: SliceDeps,
  { workspaceId, importId }: SliceInput,
): Promise<SliceResult> {
  const startedAtMs = Date.now()
  const em = forkFor(deps.orm, workspaceId)
  const imported = await findImport(em, workspaceId, importId)
  const { journeys } = imported.plan
  const isWanted =
    journeys !== undefined && (await listTriggerInterests(em, workspaceId)).has('import-contact')
  if (imported.state !== 'running' || imported.stage !== 'journeys' || !isWanted)
    return { done: true, words: 'no journey is to start' }
  const rate = journeys.ratePerMinute
  const portion = Math.max(1, Math.floor((rate * portionSeconds) / 60))
  let asked = 0
  while (asked < portion && (await askNext(deps, imported))) {
    asked += 1
    deps.beat(`${asked} of ${portion} contacts`)
  }
  const words = `${imported.progress.journeysAsked + asked} contacts, at most ${rate} a minute`
  if (asked < portion) return { done: true, words }
  return { done: false, words, waitMs: Math.max(0, (portion * 60_000) / rate - (Date.now() - startedAtMs)) }
}

/** One contact and the cursor behind it, in one transaction. Returns whether there was one. */
async function askNext(deps: SliceDeps, { workspaceId, id }: ImportRow): Promise<boolean> {
  const { outbox, asked } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const imported = await lockImport(em, workspaceId, id)
    const next = imported.state === 'running' ? await nextContact(em, imported) : undefined
    if (!next) return { outbox: [], asked: false }
    await em.execute(
      `update imports set after_contact = ?, journeys_asked = journeys_asked + 1, updated_at = now()
       where workspace_id = ? and id = ?`,
      [next.contact_id, workspaceId, id],
    )
    const triggered = await evaluateTriggers(em, {
      workspaceId,
      contactId: next.id,
      stimulus: { type: 'import-contact' },
      entry: `import:${id}`,
      causeId: next.fact_id ?? imported.factId,
      atMs: Date.now(),
    })
    return { outbox: triggered, asked: true }
  })
  relaySoon(deps, outbox)
  return asked
}

/** Who was merged into another meanwhile is asked for as that one; who is gone is left out. */
async function nextContact(em: Em, { id, plan, afterContact }: ImportRow) {
  const [row] = await em.execute<{ contact_id: string; id: string; fact_id: string | null }[]>(
    `select t.contact_id, coalesce(c.merged_into, c.id) as id, t.fact_id from import_contacts t
     join contacts c on c.id = t.contact_id
     where t.import_id = ? and (?::uuid is null or t.contact_id > ?)
       and t.outcome in (select jsonb_array_elements_text(?::jsonb))
     order by t.contact_id limit 1`,
    [id, afterContact, afterContact, JSON.stringify(outcomesFor[plan.journeys?.for ?? 'changed'])],
  )
  return row
}
