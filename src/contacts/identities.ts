import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { noteChanges } from '../events/note-changes.ts'
import { readSystemAttribute } from '../model/contact-attributes.ts'
import { AppError } from '../model/errors.ts'
import { isBsuid, toWaId } from '../model/phone.ts'
import type { identityKinds } from './entities.ts'
import { lockContact } from './lock-contact.ts'

export interface NewIdentity {
  kind: (typeof identityKinds)[number]
  /** Of a BSUID the business portfolio; nothing else has one. */
  scope?: string | undefined
  value: string
}
interface Change {
  workspaceId: string
  contactId: string
  by: string
}

/** Claims a value for a contact. Another's claim stands: only a merge moves it. Claiming what one holds changes nothing. */
export async function addIdentity(
  deps: Pick<Deps, 'orm'>,
  input: Change & NewIdentity & { source: string },
): Promise<void> {
  const { workspaceId, kind, source, by } = input
  const value = readValue(input)
  const scope = input.scope ?? ''
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { id: contactId } = await lockContact(em, workspaceId, input.contactId)
    const id = newId()
    const inserted = await em.execute<object[]>(
      `insert into identities (id, workspace_id, contact_id, kind, scope, value, source) values (?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing returning id`,
      [id, workspaceId, contactId, kind, scope, value, source],
    )
    if (inserted.length === 0) return refuseHeld(em, { workspaceId, contactId, kind, scope, value })
    await tell(em, { workspaceId, contactId, by, kind, identityId: id }, 'identity.added')
  })
}

/** Ends a claim of a contact: the value is free, and that the contact held it stays known. */
export async function endIdentity(
  deps: Pick<Deps, 'orm'>,
  input: Change & { identityId: string },
): Promise<void> {
  const { workspaceId, identityId, by } = input
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { id: contactId } = await lockContact(em, workspaceId, input.contactId)
    const [ended] = await em.execute<{ kind: string }[]>(
      `update identities set valid_to = now()
       where id = ? and workspace_id = ? and contact_id = ? and valid_to is null returning kind`,
      [identityId, workspaceId, contactId],
    )
    if (!ended) throw new AppError('not_found', `the contact holds no identity ${identityId}`)
    await tell(em, { workspaceId, contactId, by, kind: ended.kind, identityId }, 'identity.ended')
  })
}

function readValue({ kind, scope, value }: NewIdentity): string {
  const text = value.trim()
  const refuse = (field: string, message: string): never => {
    throw new AppError('invalid_input', `${field} ${message}`, { fields: [{ field, message }] })
  }
  if (kind !== 'bsuid' && scope) return refuse('scope', 'is of BSUIDs only')
  if (kind === 'wa_id') return toWaId(text) ?? refuse('value', 'must be a phone number with country code')
  if (kind === 'bsuid' && !scope) return refuse('scope', 'must be the business portfolio of the BSUID')
  if (kind === 'bsuid' || kind === 'parent_bsuid')
    return isBsuid(text)
      ? text
      : refuse('value', 'must be a business-scoped user id like US.13491208655302741918')
  if (kind === 'email') {
    const reading = readSystemAttribute('email', text)
    return 'problem' in reading ? refuse('value', reading.problem) : reading.value.toLowerCase()
  }
  return text
}

async function refuseHeld(
  em: Em,
  {
    workspaceId,
    contactId,
    kind,
    scope,
    value,
  }: Omit<Change, 'by'> & { kind: string; scope: string; value: string },
): Promise<void> {
  const [held] = await em.execute<{ id: string }[]>(
    `select coalesce(c.merged_into, c.id) as id from identities i join contacts c on c.id = i.contact_id
     where i.workspace_id = ? and i.kind = ? and i.scope = ? and i.value = ? and i.valid_to is null`,
    [workspaceId, kind, scope, value],
  )
  if (held?.id === contactId) return
  const message = `is held by contact ${held?.id}: merge them, or end that claim first`
  throw new AppError('conflict', message, {
    fields: [{ field: 'value', message }],
    details: { contactIds: [held?.id] },
  })
}

const attributeOf: Record<string, string> = {
  wa_id: 'phone',
  username: 'username',
  external: 'external_customer_id',
}

async function tell(
  em: Em,
  { workspaceId, contactId, by, kind, identityId }: Change & { kind: string; identityId: string },
  fact: 'identity.added' | 'identity.ended',
): Promise<void> {
  const id = newId()
  const data = { kind, identity: identityId, by }
  await recordFacts(em, workspaceId, [{ id, atMs: Date.now(), kind: fact, contactId, data }])
  const name = attributeOf[kind]
  const keys = [`attribute:${name}`, ...(kind === 'wa_id' ? ['attribute:wa_id'] : [])]
  if (name) await noteChanges(em, workspaceId, [{ contactId, keys, causeId: id }])
}
