import { listTemplates } from '../../integrations/whatsapp/templates.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findAccountAccess } from './account-access.ts'
import { adoptRemote } from './adopt-remote.ts'
import { refusalError } from './submit-template.ts'
import { recordTemplateFact } from './template-facts.ts'
import { tornAfterSeconds } from './template-row.ts'
import { AppError } from '../model/errors.ts'

type SyncDeps = Pick<Deps, 'orm' | 'seal' | 'config' | 'log'>
interface Account {
  workspaceId: string
  wabaId: string
}
export interface SyncResult {
  found: number
  /** Gone at WhatsApp since the last time. */
  deleted: number
  /** In a shape that could not be read. */
  unreadable: number
}

const pageSize = 100
/** Far above what WhatsApp allows an account (6,000 templates): a list that never ends is a fault. */
const maximumPages = 500
const everyMinutes = 30
/** A number that was just connected is left alone for a while: whoever connected it syncs by hand. */
const restMinutes = 10

/**
 * Fetches all templates of an account, page by page, and takes over what they say. What was there and is not any more is
 * marked as deleted, only after the whole list was read. Safe to run twice, also at once.
 */
export async function syncTemplates(deps: SyncDeps, account: Account): Promise<SyncResult> {
  const { workspaceId, wabaId } = account
  const em = forkFor(deps.orm, workspaceId)
  try {
    const result = await pull(deps, em, account)
    await noteSync(em, account, result.found, null)
    return result
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    deps.log.warn({ err: error, workspaceId, wabaId }, 'templates could not be fetched')
    await noteSync(em, account, null, words)
    throw error
  }
}

async function pull(deps: SyncDeps, em: Em, account: Account): Promise<SyncResult> {
  const { workspaceId, wabaId } = account
  const access = await findAccountAccess(deps, workspaceId, wabaId)
  const startedAtMs = Date.now()
  let after: string | undefined
  let found = 0
  let unreadable = 0
  for (let at = 0; at < maximumPages; at++) {
    const askedAtMs = Date.now()
    const answer = await listTemplates(access, { after, limit: pageSize })
    if (answer.outcome === 'refused') throw refusalError(answer.refusal)
    if (answer.outcome !== 'done') throw new AppError('unavailable', `WhatsApp: ${answer.reason}`)
    const { templates } = answer.value
    await em.transactional(async (tx) => {
      // In one order, so that two syncs at once do not wait for each other's rows.
      const sorted = templates.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      for (const remote of sorted) await adoptRemote(tx, { workspaceId, wabaId, remote, askedAtMs })
    })
    found += templates.length
    unreadable += answer.value.unreadable
    after = answer.value.after
    if (after === undefined) {
      // What could not be read may be one of ours: then nothing is known to be gone.
      const deleted = unreadable > 0 ? 0 : await markDeleted(em, account, startedAtMs)
      await releaseTorn(em, account, startedAtMs)
      return { found, unreadable, deleted }
    }
  }
  throw new AppError('internal', `the list of templates has more than ${maximumPages} pages`)
}

/** Of this account, known to WhatsApp once, and neither seen nor told of since the sync began. */
async function markDeleted(em: Em, { workspaceId, wabaId }: Account, startedAtMs: number): Promise<number> {
  return em.transactional(async (tx) => {
    const gone = await tx.execute<{ id: string; name: string; language: string; status_before: string }[]>(
      `update templates t set status = 'deleted', meta_id = null, status_at = asked.at, updated_at = now()
       from (select date_trunc('second', to_timestamp(?::float8 / 1000)) as at) as asked,
         (select id, status from templates where workspace_id = ? and waba_id = ?) as old
       where t.workspace_id = ? and t.waba_id = ? and t.id = old.id and t.meta_id is not null and t.deleted_at is null
         and t.status not in ('submitting', 'deleted') and coalesce(t.synced_at, '-infinity') < asked.at
         and coalesce(t.status_at, '-infinity') < asked.at
       returning t.id, t.name, t.language, old.status as status_before`,
      [startedAtMs, workspaceId, wabaId, workspaceId, wabaId],
    )
    for (const { status_before, ...row } of gone) {
      const data = { from: status_before, to: 'deleted', reason: null, by: 'sync' }
      await recordTemplateFact(tx, workspaceId, row, { kind: 'status', data })
    }
    return gone.length
  })
}

/** A create whose answer was lost and that WhatsApp does not have: it may be submitted again. */
async function releaseTorn(em: Em, { workspaceId, wabaId }: Account, startedAtMs: number): Promise<void> {
  const error = { words: 'WhatsApp gave no answer and does not have the template', code: null, subcode: null }
  await em.execute(
    `update templates set status = coalesce(status_before, 'draft'), status_before = null, submitting_at = null,
       submit_error = ?::jsonb, updated_at = now()
     where workspace_id = ? and waba_id = ? and status = 'submitting' and meta_id is null
       and submitting_at < to_timestamp(?::float8 / 1000) - interval '${tornAfterSeconds} seconds'`,
    [JSON.stringify(error), workspaceId, wabaId, startedAtMs],
  )
}

async function noteSync(em: Em, account: Account, found: number | null, error: string | null): Promise<void> {
  await em.execute(
    `insert into template_syncs (workspace_id, waba_id, due_at, finished_at, found, error)
     values (?, ?, now() + interval '${everyMinutes} minutes', now(), ?, ?)
     on conflict (workspace_id, waba_id) do update set due_at = excluded.due_at, finished_at = excluded.finished_at,
       found = coalesce(excluded.found, template_syncs.found), error = excluded.error, claimed_until = null`,
    [account.workspaceId, account.wabaId, found, error],
  )
}

/** Something happened that only the whole list tells: the worker fetches it soon. */
export async function requestSync(em: Em, { workspaceId, wabaId }: Account): Promise<void> {
  await em.execute(
    `insert into template_syncs (workspace_id, waba_id) values (?, ?)
     on conflict (workspace_id, waba_id) do update set due_at = least(template_syncs.due_at, now())`,
    [workspaceId, wabaId],
  )
}

/** Fetches the accounts whose turn it is, each by one worker of the installation. One that fails comes again later. */
export async function syncDueTemplates(deps: SyncDeps): Promise<number> {
  const due = await deps.orm.em.fork().execute<{ workspace_id: string; waba_id: string }[]>(
    `insert into template_syncs (workspace_id, waba_id, claimed_until)
     select n.workspace_id, n.waba_id, now() + interval '10 minutes'
     from (select distinct workspace_id, waba_id from phone_numbers
       where created_at < now() - interval '${restMinutes} minutes') n
     left join template_syncs s on s.workspace_id = n.workspace_id and s.waba_id = n.waba_id
     where s.workspace_id is null or s.due_at <= now() and coalesce(s.claimed_until, '-infinity') < now()
     on conflict (workspace_id, waba_id) do update set claimed_until = excluded.claimed_until
       where template_syncs.due_at <= now() and coalesce(template_syncs.claimed_until, '-infinity') < now()
     returning workspace_id, waba_id`,
  )
  for (const { workspace_id: workspaceId, waba_id: wabaId } of due) {
    // The failure is in the account's row, and in the log.
    await syncTemplates(deps, { workspaceId, wabaId }).catch(() => undefined)
  }
  return due.length
}
