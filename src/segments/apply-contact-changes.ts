import type { Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { moveMembers, type MemberMove } from './change-members.ts'
import { findMatching, type LiveSegment } from './find-matching.ts'

/** Contacts of one transaction: few enough that their locks are short. */
const batchSize = 500

/**
 * Brings live segments up to date with what changed, until nothing is queued. A change is taken from the queue in the
 * transaction that writes the memberships, their events and the runs they trigger: whatever crashes, each happens once.
 */
export async function applyContactChanges(deps: Deps): Promise<number> {
  let applied = 0
  for (;;) {
    const batch = await deps.orm.em.fork().transactional(applyBatch)
    relaySoon(deps, batch.outbox)
    applied += batch.changes
    if (batch.changes === 0) return applied
  }
}

interface ChangeRow {
  id: string
  workspace_id: string
  contact_id: string
  keys: string[]
  cause_id: string
}

async function applyBatch(em: Em): Promise<{ changes: number; outbox: OutboxRow[] }> {
  const changes = await em.execute<ChangeRow[]>(
    `delete from contact_changes where id in
       (select id from contact_changes order by id limit ? for update skip locked)
     returning id, workspace_id, contact_id, keys, cause_id`,
    [batchSize],
  )
  const outbox: OutboxRow[] = []
  for (const [workspaceId, group] of Map.groupBy(changes, (change) => change.workspace_id)) {
    em.setFilterParams('workspace', { workspaceId })
    outbox.push(...(await applyToWorkspace(em, workspaceId, group)))
  }
  return { changes: changes.length, outbox }
}

/** What is known of one contact's changes: all keys, and the latest cause. */
interface Changed {
  keys: Set<string>
  causeId: string
}

async function applyToWorkspace(em: Em, workspaceId: string, changes: ChangeRow[]): Promise<OutboxRow[]> {
  const changed = new Map<string, Changed>()
  const inOrder = changes.toSorted((a, b) => Number(a.id) - Number(b.id))
  for (const { contact_id, keys, cause_id } of inOrder) {
    const known = changed.get(contact_id)?.keys ?? []
    changed.set(contact_id, { keys: new Set([...known, ...keys]), causeId: cause_id })
  }
  const present = await lockContacts(em, workspaceId, [...changed.keys()])
  const segments = await listConcerned(em, workspaceId, changes)
  const matching = await findMatching(em, workspaceId, segments, (segment) =>
    present.filter((id) => concerns(segment, changed.get(id)?.keys)),
  )
  const members = await listMembers(em, segments, present)
  const moves = matching.flatMap(({ segment, judged, matched }) =>
    judged.flatMap((contactId): MemberMove[] => {
      const isMember = members.has(memberKey(segment.id, contactId))
      if (matched.has(contactId) === isMember) return []
      const causeId = changed.get(contactId)?.causeId ?? ''
      return [{ segment, contactId, causeId, move: isMember ? 'left' : 'entered' }]
    }),
  )
  return moveMembers(em, workspaceId, moves)
}

/** One at a time per contact: whoever judges a contact after us sees what we saw, and our memberships. */
async function lockContacts(em: Em, workspaceId: string, contactIds: string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from contacts where workspace_id = ? and merged_into is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by id for no key update`,
    [workspaceId, JSON.stringify(contactIds)],
  )
  return rows.map((row) => row.id)
}

/** Live segments that look at something that changed, and those that the sweeper found out of step. */
async function listConcerned(em: Em, workspaceId: string, changes: ChangeRow[]): Promise<LiveSegment[]> {
  const keys = [...new Set(changes.flatMap((change) => change.keys))]
  return em.execute<LiveSegment[]>(
    `select id, name, condition, depends_on as "dependsOn" from segments
     where workspace_id = ? and kind = 'live' and deleted_at is null
       and (depends_on && array(select jsonb_array_elements_text(?::jsonb)) or 'self:' || id in (select jsonb_array_elements_text(?::jsonb)))
     order by id`,
    [workspaceId, JSON.stringify(keys), JSON.stringify(keys)],
  )
}

function concerns(segment: LiveSegment, keys: ReadonlySet<string> | undefined): boolean {
  if (!keys) return false
  return keys.has(`self:${segment.id}`) || segment.dependsOn.some((key) => keys.has(key))
}

async function listMembers(em: Em, segments: LiveSegment[], contactIds: string[]): Promise<Set<string>> {
  const rows = await em.execute<{ segment_id: string; contact_id: string }[]>(
    `select segment_id, contact_id from segment_members
     where segment_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [JSON.stringify(segments.map(({ id }) => id)), JSON.stringify(contactIds)],
  )
  return new Set(rows.map((row) => memberKey(row.segment_id, row.contact_id)))
}

function memberKey(segmentId: string, contactId: string): string {
  return `${segmentId} ${contactId}`
}
