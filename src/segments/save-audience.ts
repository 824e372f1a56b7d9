import { recordFacts } from '../analytics/facts.ts'
import { claimContacts } from '../contacts/claim-contacts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { toWaId } from '../model/phone.ts'
import { relaySoon } from '../outbox/relay.ts'
import { changeMembers } from './change-members.ts'
import { findSegment, getSegment, type Segment } from './find-segments.ts'
import { createStaticSegment } from './manage-segments.ts'
import { readStatic } from './subscribe-contacts.ts'

/** Who names it means everybody there is, not a segment. */
export const everybody = 'all'

export interface AudienceInput {
  workspaceId: string
  /** The caller's id of it; of one that is there our id or its exact name will do. */
  ref: string
  /** The ref when absent. */
  name?: string | undefined
  description?: string | undefined
  by: string
}

/** The static segment of that id; made when there is none. */
export async function openAudience(
  deps: Deps,
  input: AudienceInput,
): Promise<{ segment: Segment; created: boolean }> {
  const { workspaceId, ref, name = ref, description, by } = input
  if (ref === everybody) {
    const message = `"${everybody}" is everybody: call the audience something else`
    throw new AppError('unprocessable', message, { fields: [{ field: 'ref', message }] })
  }
  const found = await findSegment(forkFor(deps.orm, workspaceId), workspaceId, ref)
  if (found)
    return {
      segment: await readStatic(forkFor(deps.orm, workspaceId), workspaceId, found.id),
      created: false,
    }
  const segment = await createStaticSegment(deps, { workspaceId, ref, name, description, by })
  return { segment, created: true }
}

/**
 * Puts phone numbers into a static segment, which is made when there is none; numbers that nobody has yet become contacts. All are
 * refused, each wrong one named, when one is no phone number.
 */
export async function saveAudience(
  deps: Deps,
  input: AudienceInput & { phones: string[] },
): Promise<{ segment: Segment; created: boolean; added: number }> {
  const { workspaceId, phones, by } = input
  const waIds = readPhones(phones)
  const { segment, created } = await openAudience(deps, input)
  const { outbox, added } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    if (waIds.length === 0) return { outbox: [], added: 0 }
    const senders = waIds.map((waId) => ({
      ...{ waId, bsuid: undefined, portfolioId: '', profileName: undefined },
    }))
    const claimed = await claimContacts(em, workspaceId, senders, { by, source: 'api' })
    const contactIds = [...new Set(claimed.contactIds)]
    const causeId = newId()
    const data = { segment: segment.id, contacts: contactIds.length, by }
    await recordFacts(em, workspaceId, [{ id: causeId, atMs: Date.now(), kind: 'segment.subscribed', data }])
    const [before] = await em.execute<{ n: number }[]>(countSql, [segment.id, JSON.stringify(contactIds)])
    const entered = contactIds.map((contactId) => ({ contactId, causeId }))
    const told = await changeMembers(em, workspaceId, segment, { entered, left: [] }, by)
    return { outbox: [...claimed.outbox, ...told], added: contactIds.length - (before?.n ?? 0) }
  })
  relaySoon(deps, outbox)
  return { segment: await getSegment(deps, workspaceId, segment.id), created, added }
}

/** By the caller's id, ours or its exact name. */
export async function demandAudience(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  name: string,
): Promise<Segment> {
  const found = await findSegment(forkFor(orm, workspaceId), workspaceId, name)
  if (found) return found
  const message = `there is no audience "${name}"`
  throw new AppError('unprocessable', message, { fields: [{ field: 'ref', message }] })
}

const countSql = `select count(*)::int as n from segment_members where segment_id = ?
  and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid)`

function readPhones(phones: string[]): string[] {
  const read = phones.map((phone) => toWaId(phone))
  const fields = read.flatMap((waId, at): FieldError[] =>
    waId === undefined
      ? [{ field: `phones.${at}`, message: `"${phones[at] ?? ''}" is no phone number` }]
      : [],
  )
  if (fields.length > 0)
    throw new AppError('invalid_input', fields.map(({ message }) => message).join('; '), { fields })
  return read.flatMap((waId) => waId ?? [])
}
