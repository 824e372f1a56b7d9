import { recordConsent } from '../consent/record-consent.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { isBsuid, toWaId } from '../model/phone.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { CheckOptions } from './check-contact-attributes.ts'
import { judgeManualAdd } from './judge-manual-add.ts'
import { writeAttributes } from './set-attributes.ts'
import { setTags } from './set-tags.ts'
import { tellOfNewContacts } from './tell-of-contacts.ts'

/** What names a person. Each is a claim that one contact holds at a time. */
export interface ContactClaims {
  /** A phone number as people write it. */
  waId?: string | undefined
  bsuid?: string | undefined
  /** BSUIDs name a person within one business portfolio; the workspace's only one when absent. */
  portfolioId?: string | undefined
  /** The id that the caller's own system knows the contact by. */
  externalId?: string | undefined
}
export interface ContactInput extends ContactClaims, Pick<CheckOptions, 'fieldOf'> {
  workspaceId: string
  /** System attributes (`first_name` …) and custom ones. */
  attributes: JsonObject
  /** Replaces the contact's tags. */
  tags?: string[] | undefined
  /** That the contact agreed to messages, or refused them all, as the caller says. */
  optedIn?: boolean | undefined
  /** Where a contact that is made came from; `api` when absent. */
  source?: string | undefined
  /** The contact is added as such, not named in passing: journeys with the trigger `manual-add` are asked. */
  manualAdd?: boolean | undefined
  by: string
}

interface Claim {
  kind: 'wa_id' | 'bsuid' | 'external'
  scope: string
  value: string
  /** The request's field that made it. */
  field: string
}

/** Creates a contact, or updates the one who holds one of the claims; claims nobody holds yet become the contact's. */
export async function saveContact(
  deps: Deps,
  input: ContactInput,
): Promise<{ contactId: string; created: boolean }> {
  const { outbox, ...saved } = await forkFor(deps.orm, input.workspaceId).transactional((em) =>
    storeContact(em, input),
  )
  relaySoon(deps, outbox)
  return saved
}

/** The same in the caller's transaction: nothing of it is there when anything is refused. */
async function storeContact(
  em: Em,
  input: ContactInput,
): Promise<{ contactId: string; created: boolean; outbox: OutboxRow[] }> {
  const { workspaceId, attributes, tags, by, source = 'api', fieldOf } = input
  const claims = await readClaims(em, input)
  await lockClaims(em, workspaceId, claims)
  const holder = await findHolder(em, workspaceId, claims)
  const contactId = holder ?? newId()
  const outbox: OutboxRow[] = []
  if (!holder) {
    await em.execute('insert into contacts (id, workspace_id, source) values (?, ?, ?)', [
      contactId,
      workspaceId,
      source,
    ])
    outbox.push(...(await tellOfNewContacts(em, workspaceId, [contactId], { by, source })))
  }
  await insertClaims(em, workspaceId, contactId, claims)
  if (Object.keys(attributes).length > 0) {
    const change = { workspaceId, contactId, attributes, causeId: newId(), atMs: Date.now(), by, fieldOf }
    outbox.push(...(await writeAttributes(em, change)))
  }
  if (tags) outbox.push(...(await setTags(em, { workspaceId, contactId, tags, by })))
  if (input.optedIn !== undefined) {
    const said = { category: 'all', state: input.optedIn ? 'opted_in' : 'opted_out', source } as const
    const statement = { ...said, causeId: newId(), atMs: Date.now(), by }
    outbox.push(...(await recordConsent(em, { workspaceId, contactId, ...statement })))
  }
  if (!holder && input.manualAdd) outbox.push(...(await judgeManualAdd(em, workspaceId, contactId)))
  return { contactId, created: !holder, outbox }
}

async function readClaims(em: Em, input: ContactClaims & { workspaceId: string }): Promise<Claim[]> {
  const { waId: phone, bsuid, externalId, portfolioId } = input
  const claims: Claim[] = []
  const fields: FieldError[] = []
  const waId = phone === undefined ? undefined : toWaId(phone)
  if (waId) claims.push({ kind: 'wa_id', scope: '', value: waId, field: 'waId' })
  else if (phone !== undefined)
    fields.push({ field: 'waId', message: 'must be a phone number with country code' })
  if (bsuid !== undefined && isBsuid(bsuid)) {
    const scope = portfolioId ?? (await onlyPortfolio(em, input.workspaceId))
    if (scope === undefined)
      fields.push({ field: 'portfolioId', message: 'say which: the numbers are of several portfolios' })
    else claims.push({ kind: 'bsuid', scope, value: bsuid, field: 'bsuid' })
  } else if (bsuid !== undefined) {
    fields.push({ field: 'bsuid', message: 'must be a business-scoped user id like US.13491208655302741918' })
  }
  if (externalId) claims.push({ kind: 'external', scope: '', value: externalId, field: 'externalId' })
  if (fields.length > 0) throw new AppError('invalid_input', 'the contact is not well named', { fields })
  return claims
}

async function onlyPortfolio(em: Em, workspaceId: string): Promise<string | undefined> {
  const rows = await em.execute<{ portfolio_id: string }[]>(
    'select distinct portfolio_id from phone_numbers where workspace_id = ? limit 2',
    [workspaceId],
  )
  return rows.length === 1 ? rows[0]?.portfolio_id : undefined
}

/** Two requests with the same claim come one after the other, so the second finds the first one's contact. */
async function lockClaims(em: Em, workspaceId: string, claims: Claim[]): Promise<void> {
  const keys = claims.map((claim) => `${workspaceId} ${claim.kind} ${claim.scope} ${claim.value}`).sort()
  for (const key of keys) await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 8))', [key])
}

async function findHolder(em: Em, workspaceId: string, claims: Claim[]): Promise<string | undefined> {
  const held = await em.execute<{ field: string; contact_id: string }[]>(
    `select w.field, coalesce(c.merged_into, c.id) as contact_id
     from jsonb_to_recordset(?::jsonb) as w(kind text, scope text, value text, field text)
     join identities i on i.workspace_id = ? and i.valid_to is null
       and i.kind = w.kind and i.scope = w.scope and i.value = w.value
     join contacts c on c.id = i.contact_id`,
    [JSON.stringify(claims), workspaceId],
  )
  const holders = [...new Set(held.map((row) => row.contact_id))]
  if (holders.length <= 1) return holders[0]
  throw new AppError('conflict', 'the identities are held by different contacts: merge them first', {
    fields: held.map(({ field, contact_id }) => ({ field, message: `is held by contact ${contact_id}` })),
    details: { contactIds: holders },
  })
}

/** A webhook may claim at the same moment: then that contact holds it, and this request is to be made again. */
async function insertClaims(em: Em, workspaceId: string, contactId: string, claims: Claim[]): Promise<void> {
  for (const { kind, scope, value, field } of claims) {
    await em.execute(
      `insert into identities (id, workspace_id, contact_id, kind, scope, value, source)
       values (?, ?, ?, ?, ?, ?, 'api') on conflict do nothing`,
      [newId(), workspaceId, contactId, kind, scope, value],
    )
    const [held] = await em.execute<{ id: string }[]>(
      `select coalesce(c.merged_into, c.id) as id from identities i join contacts c on c.id = i.contact_id
       where i.workspace_id = ? and i.kind = ? and i.scope = ? and i.value = ? and i.valid_to is null`,
      [workspaceId, kind, scope, value],
    )
    if (held?.id === contactId) continue
    const message = `was claimed by contact ${held?.id} at this moment`
    throw new AppError('conflict', `${field} ${message}`, { fields: [{ field, message }] })
  }
}
