import { refusedColumn } from '../../consent/find-refused.ts'
import { contactViewColumns, type toContactView } from '../../contacts/contact-view.ts'
import type { Em } from '../../db/orm.ts'
import { contactHoldReason } from '../../holds/check-holds.ts'
import type { Refused } from '../../model/consent.ts'
import type { JsonObject } from '../../model/json.ts'
import { loadVariableValues } from '../../variable-groups/load-variable-values.ts'
import type { Lane } from './lane.ts'

/** Who is next: out of the plan, or with a message that waited for its next attempt. */
export interface Picked {
  recipient_id: string
  /** Their place in the plan; null of those whose message has been in the ledger before. */
  seq: number | null
  variant: string | null
  given: JsonObject | null
  due_ms: number
}
export interface KnownMessage {
  id: string
  n: number
  state: string
  attempt: number
}
/** Whom a message goes to, with everything that decides whether it may. */
export type Candidate = Picked &
  Parameters<typeof toContactView>[0] & {
    contact_id: string
    refused: Refused
    bsuid: string | null
    identity_hash: string | null
    is_distrusted: boolean
    conversation_id: string | null
    window_open: boolean
    pair_wait_ms: number
    initiated_ms: number | null
    /** Why nothing is to reach this person just now: an agent has the chat, or somebody holds them. */
    held: string | null
    /** Of two recipients that were found to be one person, the second: also when it is the one that is left. */
    is_twin: boolean
    known: KnownMessage[]
    groups: JsonObject
  }

/** Messages whose time has come again, those that waited longest first. */
export async function pickDue(
  em: Em,
  { workspaceId, runId, number }: Lane,
  limit: number,
): Promise<Picked[]> {
  return em.execute<Picked[]>(
    `select d.recipient_id, null as seq, max(d.variant) as variant, r.given, extract(epoch from r.due_at)::float8 * 1000 as due_ms
     from (select split_part(send_key, '/', 3)::uuid as recipient_id, variant, due_at from messages
       where campaign_run_id = ? and workspace_id = ? and number_id = ? and state = 'planned' and due_at <= clock_timestamp()
       order by due_at limit ?) d
     join campaign_recipients r on r.run_id = ? and r.contact_id = d.recipient_id
     group by d.recipient_id, r.given, r.due_at order by min(d.due_at)`,
    [runId, workspaceId, number.id, limit, runId],
  )
}

export async function pickNext(
  em: Em,
  { workspaceId, runId, lane }: Lane,
  cursor: number,
  limit: number,
): Promise<Picked[]> {
  return em.execute<Picked[]>(
    `select contact_id as recipient_id, seq, variant, given, extract(epoch from due_at)::float8 * 1000 as due_ms
     from campaign_recipients where run_id = ? and lane = ? and seq > ? and workspace_id = ? and due_at <= clock_timestamp()
     order by seq limit ?`,
    [runId, lane, cursor, workspaceId, limit],
  )
}

type Loaded = Omit<Candidate, keyof Picked | 'known' | 'groups'> & { recipient_id: string }

/** Everything about everybody of a chunk in one statement; further ones only where the run asks for more. */
export async function loadCandidates(em: Em, lane: Lane, picks: Picked[]): Promise<Candidate[]> {
  const { workspaceId, number } = lane
  const rows = await em.execute<Loaded[]>(
    `select o.id as recipient_id, c.id as contact_id, ${contactViewColumns}, ${refusedColumn},
       (select value from identities i where i.contact_id = c.id and i.kind = 'bsuid' and i.scope = ? and i.valid_to is null
        limit 1) as bsuid,
       v.id as conversation_id, coalesce(v.window_ends_at > now(), false) as window_open,
       coalesce(extract(epoch from v.pair_free_at - now())::float8 * 1000, 0) as pair_wait_ms,
       extract(epoch from v.initiated_at)::float8 * 1000 as initiated_ms,
       (o.merged_into is not null or exists (select 1 from contacts x where x.merged_into = o.id))
         and exists (select 1 from messages m where m.contact_id = c.id and m.campaign_run_id = ? and m.workspace_id = ?
           and m.send_key not like ('%/' || o.id || '%') and (m.state in ('inflight', 'accepted', 'unknown')
             or m.state = 'planned' and o.merged_into is not null)) as is_twin,
       ${contactHoldReason} as held,
       null as identity_hash, false as is_distrusted
     from jsonb_array_elements_text(?::jsonb) as p(id)
     join contacts o on o.id = p.id::uuid and o.workspace_id = ?
     join contacts c on c.id = coalesce(o.merged_into, o.id)
     left join conversations v on v.number_id = ? and v.contact_id = c.id`,
    [
      ...[
        number.portfolioId,
        lane.runId,
        workspaceId,
        number.id,
        JSON.stringify(picks.map((pick) => pick.recipient_id)),
      ],
      ...[workspaceId, number.id],
    ],
  )
  const found = new Map(rows.map((row) => [row.recipient_id, row]))
  const survivors = new Set<string>()
  const candidates = picks.flatMap((pick): Candidate[] => {
    const row = found.get(pick.recipient_id)
    if (!row) return []
    const is_twin = row.is_twin || survivors.has(row.contact_id)
    survivors.add(row.contact_id)
    return [{ ...row, ...pick, is_twin, known: [], groups: {} }]
  })
  await addKnownMessages(em, lane, candidates)
  await addGroups(em, lane, candidates)
  if (number.identityCheck) await addTrust(em, lane, candidates)
  return candidates
}

/** What a contact's message is called in the ledger, for ever. @param n from 1 on, of several messages to one person */
export function campaignSendKey(runId: string, recipientId: string, n: number): string {
  return `campaign/${runId}/${recipientId}${n > 1 ? `/${n}` : ''}`
}

async function addKnownMessages(
  em: Em,
  { workspaceId, runId, width }: Lane,
  candidates: Candidate[],
): Promise<void> {
  const again = new Map(candidates.filter(({ seq }) => seq === null).map((each) => [each.recipient_id, each]))
  if (again.size === 0) return
  const keys = [...again.keys()].flatMap((recipientId) =>
    Array.from({ length: width }, (_, at) => campaignSendKey(runId, recipientId, at + 1)),
  )
  const rows = await em.execute<(Omit<KnownMessage, 'n'> & { send_key: string })[]>(
    `select id, send_key, state, attempt from messages
     where workspace_id = ? and send_key in (select jsonb_array_elements_text(?::jsonb))`,
    [workspaceId, JSON.stringify(keys)],
  )
  for (const { send_key, ...row } of rows) {
    const [, , recipientId = '', n = '1'] = send_key.split('/')
    again.get(recipientId)?.known.push({ ...row, n: Number(n) })
  }
}

async function addGroups(em: Em, { workspaceId, composer }: Lane, candidates: Candidate[]): Promise<void> {
  const contactIds = candidates.map((each) => each.contact_id)
  const values = await loadVariableValues(em, { workspaceId, contactIds, groups: composer.groups })
  for (const candidate of candidates) candidate.groups = values.get(candidate.contact_id) ?? {}
}

/** Of a number with the identity check on: whom we trust behind each address. */
async function addTrust(em: Em, { number }: Lane, candidates: Candidate[]): Promise<void> {
  const byAddress = new Map(candidates.map((each) => [each.wa_id ?? each.bsuid ?? '', each]))
  const rows = await em.execute<{ address: string; hash: string | null; is_distrusted: boolean }[]>(
    `select address, case when not outdated then hash end as hash, acknowledged_at is null as is_distrusted
     from whatsapp_identities where number_id = ? and workspace_id = ? and address in (select jsonb_array_elements_text(?::jsonb))`,
    [number.id, number.workspaceId, JSON.stringify([...byAddress.keys()])],
  )
  for (const { address, hash, is_distrusted } of rows) {
    const candidate = byAddress.get(address)
    if (candidate) Object.assign(candidate, { identity_hash: hash, is_distrusted })
  }
}
