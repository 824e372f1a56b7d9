import { claimContacts } from '../contacts/claim-contacts.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { toWaId } from '../model/phone.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { createRun } from './create-run.ts'
import { lockCampaign } from './find-campaigns.ts'
import type { RunRow } from './find-runs.ts'
import { demandSound } from './judge-campaign.ts'

/** Whom a call is for, in one of three ways, and what its message says about them. */
export interface TriggerRecipient {
  contactId?: string | undefined
  /** A phone number as people write it: whoever is not known yet becomes a contact. */
  waId?: string | undefined
  /** The id that the caller's own system knows a contact by. */
  externalId?: string | undefined
  given?: JsonObject | undefined
}
export interface TriggerOrder {
  workspaceId: string
  campaignId: string
  recipients: TriggerRecipient[]
  by: string
  causeId?: string | undefined
  /** Makes it one run, however often it is asked for. */
  runId?: string
}

/** Sends an API-triggered campaign to these people: a run of its own. Somebody who is named twice gets it once. */
export async function triggerCampaign(
  deps: Deps,
  order: TriggerOrder,
): Promise<{ run: RunRow; recipients: number }> {
  const { outbox, ...triggered } = await forkFor(deps.orm, order.workspaceId).transactional((em) =>
    triggerIn(em, deps, order),
  )
  relaySoon(deps, outbox)
  return triggered
}

/** The same in the caller's transaction: relay the outbox after its commit. */
export async function triggerIn(
  em: Em,
  deps: Pick<Deps, 'config'>,
  order: TriggerOrder,
): Promise<{ run: RunRow; recipients: number; outbox: OutboxRow[] }> {
  const { workspaceId, campaignId, recipients, by, causeId } = order
  const campaign = await lockCampaign(em, workspaceId, campaignId)
  if (campaign.kind !== 'api')
    throw new AppError('conflict', `the campaign is ${campaign.kind}: only API-triggered ones take calls`)
  if (campaign.state !== 'active')
    throw new AppError('conflict', `the campaign takes no calls: it is ${campaign.state}`)
  const definition = await demandSound(em, deps.config, campaign)
  const { contactIds, outbox } = await findPeople(em, workspaceId, campaign.numberId, recipients, by)
  const id = order.runId === undefined ? {} : { id: order.runId }
  const made = await createRun(em, { campaign, definition, startsAtMs: Date.now(), by, causeId, ...id })
  const placed = await em.execute<object[]>(
    `insert into campaign_recipients (run_id, lane, seq, workspace_id, contact_id, due_at, given)
     select ?, -1, min(r.seq), ?, r.contact_id, now(), (array_agg(r.given order by r.seq))[1]
     from jsonb_to_recordset(?::jsonb) as r(seq int, contact_id uuid, given jsonb) group by r.contact_id returning seq`,
    [
      ...[made.run.id, workspaceId],
      JSON.stringify(
        recipients.map(({ given }, at) => ({
          seq: at + 1,
          contact_id: contactIds[at],
          given: given ?? null,
        })),
      ),
    ],
  )
  return { run: made.run, recipients: placed.length, outbox: [...outbox, ...made.outbox] }
}

/** The contact of each, in their order; the refusal names every one who cannot be found. */
async function findPeople(
  em: Em,
  workspaceId: string,
  numberId: string,
  recipients: TriggerRecipient[],
  by: string,
): Promise<{ contactIds: string[]; outbox: OutboxRow[] }> {
  const fields: FieldError[] = []
  const refuse = (at: number, name: string, message: string) =>
    fields.push({ field: `recipients.${at}.${name}`, message })
  const phones = new Map<number, string>()
  recipients.forEach(({ contactId, waId, externalId }, at) => {
    const ways = [contactId, waId, externalId].filter((each) => each !== undefined)
    if (ways.length !== 1) refuse(at, 'contactId', 'give one of contactId, waId and externalId')
    if (waId === undefined) return
    const phone = toWaId(waId)
    if (phone) phones.set(at, phone)
    else refuse(at, 'waId', 'must be a phone number with country code')
  })
  const known = await findKnown(em, workspaceId, recipients)
  recipients.forEach(({ contactId, externalId }, at) => {
    if (contactId !== undefined && !known.has(contactId)) refuse(at, 'contactId', 'there is no such contact')
    if (externalId !== undefined && !known.has(`external ${externalId}`))
      refuse(at, 'externalId', 'nobody has this id')
  })
  if (fields.length > 0)
    throw new AppError('unprocessable', `${fields[0]?.field}: ${fields[0]?.message}`, { fields })
  const claimed = await claimPhones(em, { workspaceId, numberId, by }, [...new Set(phones.values())])
  const contactIds = recipients.map(
    ({ contactId, externalId }, at) =>
      known.get(contactId ?? `external ${externalId}`) ?? claimed.byPhone.get(phones.get(at) ?? '') ?? '',
  )
  return { contactIds, outbox: claimed.outbox }
}

async function findKnown(
  em: Em,
  workspaceId: string,
  recipients: TriggerRecipient[],
): Promise<Map<string, string>> {
  const rows = await em.execute<{ named: string; id: string }[]>(
    `select o.id::text as named, coalesce(o.merged_into, o.id) as id from contacts o where o.workspace_id = ?
       and o.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
     union all
     select 'external ' || i.value, coalesce(o.merged_into, o.id) from identities i join contacts o on o.id = i.contact_id
     where i.workspace_id = ? and i.kind = 'external' and i.scope = '' and i.valid_to is null
       and i.value in (select jsonb_array_elements_text(?::jsonb))`,
    [
      ...[workspaceId, JSON.stringify(recipients.flatMap(({ contactId }) => contactId ?? []))],
      ...[workspaceId, JSON.stringify(recipients.flatMap(({ externalId }) => externalId ?? []))],
    ],
  )
  return new Map(rows.map(({ named, id }) => [named, id]))
}

async function claimPhones(
  em: Em,
  { workspaceId, numberId, by }: { workspaceId: string; numberId: string; by: string },
  phones: string[],
): Promise<{ byPhone: Map<string, string>; outbox: OutboxRow[] }> {
  if (phones.length === 0) return { byPhone: new Map(), outbox: [] }
  const [number] = await em.execute<{ portfolio_id: string }[]>(
    'select portfolio_id from phone_numbers where workspace_id = ? and id = ?',
    [workspaceId, numberId],
  )
  const senders = phones.map((waId) => ({
    ...{ waId, bsuid: undefined, portfolioId: number?.portfolio_id ?? '', profileName: undefined },
  }))
  const { contactIds, outbox } = await claimContacts(em, workspaceId, senders, { by, source: 'api' })
  return { byPhone: new Map(phones.map((phone, at) => [phone, contactIds[at] ?? ''])), outbox }
}
