import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { changeMembers } from './change-members.ts'
import { readSegment, type Segment } from './find-segments.ts'
import { resolveNames, type NamedContacts } from './named-contacts.ts'

interface Subscription {
  workspaceId: string
  segmentId: string
  contacts: NamedContacts
  by: string
}

/** Adds contacts to a static segment. Returns how many were named and how many of those were not in it before. */
export async function subscribeContacts(
  deps: Deps,
  input: Subscription,
): Promise<{ named: number; changed: number }> {
  return change(deps, input, 'segment.subscribed')
}

/** Takes contacts out of a static segment. */
export async function unsubscribeContacts(
  deps: Deps,
  input: Subscription,
): Promise<{ named: number; changed: number }> {
  return change(deps, input, 'segment.unsubscribed')
}

async function change(
  deps: Deps,
  { workspaceId, segmentId, contacts, by }: Subscription,
  kind: 'segment.subscribed' | 'segment.unsubscribed',
): Promise<{ named: number; changed: number }> {
  const { outbox, ...result } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const segment = await readStatic(em, workspaceId, segmentId)
    const ids = await resolveNames(em, workspaceId, contacts)
    const before = await countAmong(em, segmentId, ids)
    const causeId = newId()
    await recordFacts(em, workspaceId, [
      { id: causeId, atMs: Date.now(), kind, data: { segment: segmentId, contacts: ids.length, by } },
    ])
    const changes = ids.map((contactId) => ({ contactId, causeId }))
    const outbox = await changeMembers(
      em,
      workspaceId,
      segment,
      kind === 'segment.subscribed' ? { entered: changes, left: [] } : { entered: [], left: changes },
      by,
    )
    const after = await countAmong(em, segmentId, ids)
    return { outbox, named: ids.length, changed: Math.abs(after - before) }
  })
  relaySoon(deps, outbox)
  return result
}

export async function readStatic(em: Em, workspaceId: string, segmentId: string): Promise<Segment> {
  const segment = await readSegment(em, workspaceId, segmentId)
  if (segment.kind === 'static') return segment
  throw new AppError(
    'unprocessable',
    'a live segment follows its condition: nobody is subscribed to it by hand',
  )
}

async function countAmong(em: Em, segmentId: string, contactIds: string[]): Promise<number> {
  const [row] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from segment_members where segment_id = ?
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [segmentId, JSON.stringify(contactIds)],
  )
  return row?.n ?? 0
}
