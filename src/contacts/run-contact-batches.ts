import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { checkContactAttributes } from './check-contact-attributes.ts'
import type { BatchAction, BatchFilter } from './contact-batches.ts'
import { eraseContact } from './erase-contact.ts'
import { lockContacts, type LockedContact } from './lock-contact.ts'
import { listMatching } from './query-contacts.ts'
import { applyAttributes } from './set-attributes.ts'
import { applySpam } from './set-spam.ts'
import { applyTags } from './set-tags.ts'

/** Contacts of one transaction: their locks are held for a moment only. */
const pageSize = 200

interface BatchRow {
  id: string
  workspace_id: string
  action: BatchAction
  filter: BatchFilter
  position: string
  by: string
  cause_id: string
}

/**
 * Carries on the batches that are under way, a page of one after a page of another. What a page did and how far the batch is
 * are one transaction: who is killed in it has done nothing, and the next goes on from there. Returns the pages done.
 */
export async function runContactBatches(deps: Deps): Promise<number> {
  let pages = 0
  for (;;) {
    const rows = await deps.orm.em
      .fork()
      .execute<{ id: string; workspace_id: string }[]>(
        `select id, workspace_id from contact_batches where state = 'running' order by claimed_until nulls first, id limit 1`,
      )
    const [next] = rows
    if (!next || !(await runPage(deps, next.workspace_id, next.id))) return pages
    pages++
  }
}

async function runPage(deps: Deps, workspaceId: string, batchId: string): Promise<boolean> {
  const em = forkFor(deps.orm, workspaceId)
  try {
    const outbox = await em.transactional(async (tx) => {
      const [batch] = await tx.execute<BatchRow[]>(
        `select id, workspace_id, action, filter, coalesce(after_id, before_id) as position, by, cause_id
         from contact_batches where id = ? and workspace_id = ? and state = 'running' for update skip locked`,
        [batchId, workspaceId],
      )
      return batch ? changePage(tx, batch) : undefined
    })
    relaySoon(deps, outbox ?? [])
    return outbox !== undefined
  } catch (error) {
    // What cannot be done for anybody ends the batch in words; a database that is away is asked again later.
    if (!(error instanceof AppError)) throw error
    await em.execute(
      `update contact_batches set state = 'failed', error = ?, ended_at = now() where id = ? and state = 'running'`,
      [error.message, batchId],
    )
    return true
  }
}

async function changePage(em: Em, batch: BatchRow): Promise<OutboxRow[]> {
  const { workspace_id: workspaceId, filter, position, id } = batch
  const ids = await listMatching(em, { workspaceId, ...filter }, position, pageSize)
  const contacts = await lockContacts(em, workspaceId, ids)
  const { outbox, refused } = await change(em, batch, contacts)
  const isLast = ids.length < pageSize
  await em.execute(
    `update contact_batches set after_id = coalesce(?, after_id), done = done + ?, failed = failed + ?, claimed_until = now(),
       state = case when ? then 'completed' else state end, ended_at = case when ? then now() end where id = ?`,
    [ids.at(-1) ?? null, contacts.length, refused, isLast, isLast, id],
  )
  return outbox
}

async function change(
  em: Em,
  batch: BatchRow,
  contacts: LockedContact[],
): Promise<{ outbox: OutboxRow[]; refused: number }> {
  const { workspace_id: workspaceId, action, by, cause_id: causeId } = batch
  const base = { workspaceId, contacts, by, causeId }
  switch (action.type) {
    case 'add-tags':
    case 'remove-tags':
    case 'replace-tags': {
      const told = await applyTags(em, { ...base, decide: (before) => decideTags(action, before) })
      return { outbox: told.outbox, refused: told.refused.length }
    }
    case 'mark-spam':
    case 'unmark-spam':
      return { outbox: await applySpam(em, { ...base, spam: action.type === 'mark-spam' }), refused: 0 }
    case 'set-attributes': {
      const checked = await checkContactAttributes(em, workspaceId, action.attributes)
      const how = { checked, atMs: Date.now(), factIdOf: () => newId() }
      return { outbox: await applyAttributes(em, { ...base, ...how }), refused: 0 }
    }
    case 'forget-attribute': {
      await forgetAttribute(em, workspaceId, contacts, action.name)
      return { outbox: [], refused: 0 }
    }
    case 'erase':
      return { outbox: [], refused: await eraseEach(em, batch, contacts) }
  }
}

/** Who is inside a journey is left for another batch. */
async function eraseEach(em: Em, batch: BatchRow, contacts: LockedContact[]): Promise<number> {
  const { workspace_id: workspaceId, by, cause_id: causeId } = batch
  let refused = 0
  for (const { id: contactId } of contacts) {
    try {
      await em.transactional((tx) => eraseContact(tx, { workspaceId, contactId, by, causeId }))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      refused++
    }
  }
  return refused
}

function decideTags(
  action: Extract<BatchAction, { type: 'add-tags' | 'remove-tags' | 'replace-tags' }>,
  before: string[],
): string[] {
  if (action.type === 'add-tags') return [...before, ...action.tags]
  const left = before.filter((tag) => !action.tags.includes(tag))
  return action.type === 'remove-tags' || left.length === before.length ? left : [...left, action.by]
}

/** The attribute is no more: that its values go is no change of a contact. */
async function forgetAttribute(
  em: Em,
  workspaceId: string,
  contacts: LockedContact[],
  name: string,
): Promise<void> {
  await em.execute(
    `update contacts set attributes = attributes - ?::text where workspace_id = ? and jsonb_exists(attributes, ?)
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [name, workspaceId, name, JSON.stringify(contacts.map(({ id }) => id))],
  )
}
