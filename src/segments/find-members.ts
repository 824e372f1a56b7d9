import { contactName, contactPhone } from '../contacts/contact-names.ts'
import { getSurvivor } from '../contacts/find-contacts.ts'
import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { readSegment } from './find-segments.ts'

export interface Member {
  contactId: string
  name: string | null
  phone: string | null
  enteredAt: string
  /** The fact that it followed from, for the trace. */
  causeId: string | null
}

/** Of `contacts c`: how one is shown in a list. */
export const briefContact = `${contactName} as name,
  ${contactPhone} as phone`

/**
 * Newest contacts first.
 * @param search part of a name, or the beginning of an identity.
 */
export async function listMembers(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    segmentId: string
    search?: string | undefined
    before?: string | undefined
    /** So many are passed over, for pages by number. */
    from?: number
    limit: number
  },
): Promise<Member[]> {
  const { workspaceId, segmentId, search = null, before = null, from = 0, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  await readSegment(em, workspaceId, segmentId)
  const part = escapeLike(search ?? '')
  const phone = escapeLike((search ?? '').replace(/[\s().+-]/g, ''))
  return em.execute<Member[]>(
    `select m.contact_id as "contactId", ${briefContact}, ${isoTime('m.entered_at')} as "enteredAt",
       m.cause_id as "causeId"
     from segment_members m join contacts c on c.id = m.contact_id
     where m.workspace_id = ? and m.segment_id = ? and (?::uuid is null or m.contact_id < ?)
       and (?::text is null or c.name ilike ? or c.first_name ilike ? or c.last_name ilike ? or c.email ilike ?
         or exists (select 1 from identities i where i.contact_id = c.id and i.valid_to is null
           and (i.value ilike ? or i.value like nullif(?, '%'))))
     order by m.contact_id desc offset ? limit ?`,
    [
      ...[workspaceId, segmentId, before, before, search],
      ...Array.from({ length: 4 }, () => `%${part}%`),
      ...[`${part}%`, `${phone}%`, from, limit],
    ],
  )
}

interface Passage {
  id: string
  at: string
  what: 'entered' | 'left'
  causeId: string | null
  /** Who did it by hand. */
  by: string | null
  /** It was among the first members, or followed from a new condition. */
  backfill: boolean
}

/** When a contact entered a segment and left it, newest first, with what it followed from. */
export async function listPassages(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    segmentId: string
    contactId: string
    before?: [at: string, id: string] | undefined
    limit: number
  },
): Promise<Passage[]> {
  const { workspaceId, segmentId, before: [at, id] = [null, null], limit } = input
  const em = forkFor(deps.orm, workspaceId)
  await readSegment(em, workspaceId, segmentId)
  const { id: contactId } = await getSurvivor(deps, workspaceId, input.contactId)
  return em.execute<Passage[]>(
    `select id, ${isoTime('at')} as at, substr(kind, 9) as what, cause_id as "causeId", data ->> 'by' as by,
       data @> '{"backfill":true}' as backfill
     from facts where workspace_id = ? and contact_id = ? and kind in ('segment.entered', 'segment.left')
       and data ->> 'segment' = ? and (?::uuid is null or (date_trunc('milliseconds', at), id) < (?::timestamptz, ?))
     order by date_trunc('milliseconds', at) desc, id desc limit ?`,
    [workspaceId, contactId, segmentId, id, at, id, limit],
  )
}
