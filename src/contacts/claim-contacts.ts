import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { claimUsernames } from './claim-usernames.ts'
import { tellOfNewContacts } from './tell-of-contacts.ts'

/** How a message names its sender: by phone, by business-scoped id, or both. */
export interface SenderClaim {
  waId: string | undefined
  bsuid: string | undefined
  /** BSUIDs name a person within one business portfolio only. */
  portfolioId: string
  /** Names the same person in all portfolios of one owner. */
  parentBsuid?: string | undefined
  /** Its owner may give it up, and somebody else take it. */
  username?: string | undefined
  profileName: string | undefined
}

interface ClaimRow {
  kind: string
  scope: string
  value: string
  contact_id: string
}

/**
 * Finds or creates the contact of each sender, in one go, and says what Temporal must be told. The phone claim wins where
 * several are known; a BSUID that nobody holds yet is claimed for the same contact, so that a later message without a phone
 * finds it.
 */
export async function claimContacts(
  em: Em,
  workspaceId: string,
  senders: SenderClaim[],
  how: { by: string; source: string } = { by: webhook, source: 'whatsapp' },
): Promise<{ contactIds: string[]; outbox: OutboxRow[] }> {
  const { contactIds, createdIds } = await settleClaims(em, workspaceId, senders, how)
  await claimUsernames(
    em,
    workspaceId,
    senders.flatMap(({ username }, at) => (username ? [{ contactId: contactIds[at] ?? '', username }] : [])),
  )
  return { contactIds, outbox: await tellOfNewContacts(em, workspaceId, createdIds, how) }
}

const webhook = 'whatsapp webhook'

async function settleClaims(
  em: Em,
  workspaceId: string,
  senders: SenderClaim[],
  { by, source }: { by: string; source: string },
): Promise<{ contactIds: string[]; createdIds: string[] }> {
  const wanted = unique(senders.flatMap(claimsOf))
  const known = await findClaims(em, workspaceId, wanted)
  const created = new Map<string, { id: string; sender: SenderClaim }>()
  for (const sender of senders) {
    const claims = claimsOf(sender)
    const first = claims[0]
    if (!first || claims.some((claim) => known.has(keyOf(claim)))) continue
    if (!created.has(keyOf(first))) created.set(keyOf(first), { id: newId(), sender })
  }
  if (created.size > 0) await insertContacts(em, workspaceId, [...created.values()], source)
  const contactOf = (sender: SenderClaim) => {
    const claims = claimsOf(sender)
    const held = claims.map((claim) => known.get(keyOf(claim))).find(Boolean)
    return held ?? created.get(keyOf(claims[0] as Claim))?.id ?? ''
  }
  const missing = senders.flatMap((sender) =>
    claimsOf(sender)
      .filter((claim) => !known.has(keyOf(claim)))
      .map((claim) => ({ ...claim, id: newId(), contact_id: contactOf(sender) })),
  )
  if (missing.length === 0) return { contactIds: senders.map(contactOf), createdIds: [] }
  await insertClaims(em, workspaceId, missing, by)
  // Another transaction may have claimed first: what is in the table holds, and our spare contact goes.
  const settled = await findClaims(em, workspaceId, wanted)
  const winners = senders.map(
    (sender) => settled.get(keyOf(claimsOf(sender)[0] as Claim)) ?? contactOf(sender),
  )
  const won = new Set(winners)
  const createdIds = [...created.values()].map(({ id }) => id)
  const spare = createdIds.filter((id) => !won.has(id))
  if (spare.length > 0) await removeContacts(em, spare)
  return { contactIds: winners, createdIds: createdIds.filter((id) => won.has(id)) }
}

interface Claim {
  kind: 'wa_id' | 'bsuid' | 'parent_bsuid'
  scope: string
  value: string
}

function claimsOf({ waId, bsuid, portfolioId, parentBsuid }: SenderClaim): Claim[] {
  return [
    ...(waId ? [{ kind: 'wa_id' as const, scope: '', value: waId }] : []),
    ...(bsuid ? [{ kind: 'bsuid' as const, scope: portfolioId, value: bsuid }] : []),
    ...(parentBsuid ? [{ kind: 'parent_bsuid' as const, scope: '', value: parentBsuid }] : []),
  ]
}

function keyOf(claim: Claim): string {
  return `${claim.kind} ${claim.scope} ${claim.value}`
}

/** Sorted, so that concurrent batches lock in one order. */
function unique(claims: Claim[]): Claim[] {
  const byKey = new Map(claims.map((claim) => [keyOf(claim), claim]))
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as Claim)
}

async function findClaims(em: Em, workspaceId: string, claims: Claim[]): Promise<Map<string, string>> {
  const rows = await em.execute<ClaimRow[]>(
    `select i.kind, i.scope, i.value, coalesce(c.merged_into, c.id) as contact_id
     from jsonb_to_recordset(?::jsonb) as w(kind text, scope text, value text)
     join identities i on i.workspace_id = ? and i.valid_to is null
       and i.kind = w.kind and i.scope = w.scope and i.value = w.value
     join contacts c on c.id = i.contact_id`,
    [JSON.stringify(claims), workspaceId],
  )
  return new Map(rows.map((row) => [keyOf(row as unknown as Claim), row.contact_id]))
}

async function insertContacts(
  em: Em,
  workspaceId: string,
  contacts: { id: string; sender: SenderClaim }[],
  source: string,
): Promise<void> {
  await em.execute(
    `insert into contacts (id, workspace_id, name, source)
     select n.id, ?, n.name, ? from jsonb_to_recordset(?::jsonb) as n(id uuid, name text)`,
    [
      ...[workspaceId, source],
      JSON.stringify(contacts.map(({ id, sender }) => ({ id, name: sender.profileName ?? null }))),
    ],
  )
}

async function insertClaims(
  em: Em,
  workspaceId: string,
  claims: (Claim & { id: string; contact_id: string })[],
  source: string,
): Promise<void> {
  const sorted = [...claims].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await em.execute(
    `insert into identities (id, workspace_id, contact_id, kind, scope, value, source)
     select n.id, ?, n.contact_id, n.kind, n.scope, n.value, ?
     from jsonb_to_recordset(?::jsonb) as n(id uuid, contact_id uuid, kind text, scope text, value text)
     on conflict do nothing`,
    [workspaceId, source, JSON.stringify(sorted)],
  )
}

async function removeContacts(em: Em, ids: string[]): Promise<void> {
  const list = JSON.stringify(ids)
  const these = 'in (select jsonb_array_elements_text(?::jsonb)::uuid)'
  await em.execute(`delete from identities where contact_id ${these}`, [list])
  await em.execute(`delete from contacts where id ${these}`, [list])
}
