import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { listMembers } from './find-members.ts'
import { getSegment, type Segment } from './find-segments.ts'
import { judgeContacts, type Judgement } from './judge-contacts.ts'
import type { NamedContacts } from './named-contacts.ts'

export interface Evaluation {
  segment: Segment
  /** `holds` is null where nothing was judged: of static segments, and of a list of the members. */
  items: Pick<Judgement, 'contactId' | 'member' | 'holds'>[]
  nextCursor: string | null
}

/** Which of some contacts are in a segment; without contacts, a page of those who are. */
export async function evaluateSegment(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    segmentId: string
    contacts: NamedContacts | undefined
    limit: number
    cursor?: string | undefined
  },
): Promise<Evaluation> {
  const { workspaceId, segmentId, contacts, limit, cursor } = input
  const segment = await getSegment(deps, workspaceId, segmentId)
  if (contacts) {
    const items = await judgeContacts(deps, { workspaceId, segmentId, contacts })
    return { segment, items, nextCursor: null }
  }
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
  const rows = await listMembers(deps, { workspaceId, segmentId, before, limit: limit + 1 })
  const { items, nextCursor } = page.cut(rows, limit, ({ contactId }) => [contactId])
  return {
    ...{ segment, nextCursor },
    items: items.map(({ contactId }) => ({ contactId, member: true, holds: null })),
  }
}
