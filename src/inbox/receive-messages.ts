import type { InboundMessage } from '../../integrations/whatsapp/webhook.ts'
import { chatWorkflowId } from '../../workflows/contract.ts'
import { recordFacts, type Fact } from '../analytics/facts.ts'
import { keepAnswers } from '../answers/keep-answers.ts'
import { findPlacedOrders } from '../catalog/place-orders.ts'
import { changeNumber } from '../contacts/change-number.ts'
import { claimContacts } from '../contacts/claim-contacts.ts'
import { hearIdentities } from '../contacts/hear-identities.ts'
import { touchContacts } from '../contacts/touch-contacts.ts'
import { listenForConsent, recordHeard } from '../consent/hear-consent.ts'
import { openEpisodes } from '../conversations/episodes.ts'
import { isSpam } from '../conversations/is-spam.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { holdWoken } from '../holds/hold-woken.ts'
import { hearSatisfaction } from '../lifecycle/hear-satisfaction.ts'
import { customerWrote } from '../lifecycle/on-deeds.ts'
import { claimReceived } from '../media/claim-received.ts'
import { readTap } from '../model/campaign-tap.ts'
import { readChange } from '../model/message-change.ts'
import { describeContent } from '../model/message.ts'
import type { JsonObject } from '../model/json.ts'
import { toReply } from '../model/reply.ts'
import { announcing } from '../live/announce.ts'
import { announcedAs } from '../live/announce-messages.ts'
import { enqueue, type OutboxEntry, type OutboxRow } from '../outbox/outbox.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { applyChanges } from './apply-changes.ts'
import type { Arrival } from './arrival.ts'
import { countAnswers } from './count-answers.ts'
import { reactToMessages } from './react-to-messages.ts'
import { takeFloors, type Holder } from './take-floors.ts'

/** What asks for no answer. */
const silentTypes = new Set(['reaction', 'system', 'unsupported', 'unknown', 'ephemeral', 'edit', 'revoke'])

/**
 * Stores customers' messages and decides whom each concerns, in the caller's transaction.
 * A wamid seen before is a no-op. Returns what Temporal must be told after the commit.
 */
export async function receiveMessages(
  em: Em,
  number: NumberAccess,
  messages: InboundMessage[],
): Promise<OutboxRow[]> {
  if (messages.length === 0) return []
  const { workspaceId } = number
  const { drafts, claimed } = await draft(em, number, messages)
  const words = await listenForConsent(em, number, drafts)
  const conversations = await openConversations(em, number, drafts)
  const arrivals: Arrival[] = drafts.map((each) => ({
    ...each,
    conversationId: conversations.get(each.contactId)?.conversationId ?? '',
    askKey: undefined,
    isSilent: silentTypes.has(each.type),
    isCampaigned: conversations.get(each.contactId)?.isCampaigned ?? false,
  }))
  const stored = await insertMessages(em, number, arrivals)
  if (stored.length === 0) return claimed.outbox
  await applyChanges(em, number, stored)
  const consent = await recordHeard(em, number, stored, words)
  const { fresh, told: ratings } = await takeRatings(em, workspaceId, stored, consent.settled)
  const holders = await takeFloors(
    em,
    fresh.filter((arrival) => !consent.settled.has(arrival.id) && mayAnswer(arrival)),
  )
  await keepAnswers(em, workspaceId, fresh, ({ id }) => holders.get(id)?.askKey)
  await applySystemMessages(em, workspaceId, fresh)
  await hearIdentities(em, number, fresh)
  await recordFacts(
    em,
    workspaceId,
    fresh.map((arrival) => arrivalFact(arrival, holders.get(arrival.id))),
  )
  const said = fresh.filter(({ isSilent }) => !isSilent)
  await countAnswers(em, number, said, ({ id }) => holders.get(id)?.askKey)
  const opened = await openChats(em, workspaceId, fresh, [...conversations.values()])
  const reactions = await reactToMessages(em, workspaceId, fresh, opened)
  const orders = await findPlacedOrders(em, workspaceId, fresh)
  const told = fresh.flatMap((arrival) => signalsFor(workspaceId, arrival, holders.get(arrival.id), orders))
  const files = await claimReceived(em, number, fresh)
  const woken = await holdWoken(em, workspaceId, [...holders.values()])
  const signals = await enqueue(em, [...woken, ...told, ...files])
  signals.push(...(await customerWrote(em, workspaceId, said, holders)))
  return [...claimed.outbox, ...consent.outbox, ...ratings, ...reactions, ...signals]
}

/** What is said of a chat that is over is said to nobody else. */
async function takeRatings(
  em: Em,
  workspaceId: string,
  stored: Arrival[],
  settled: ReadonlySet<string>,
): Promise<{ fresh: Arrival[]; told: OutboxRow[] }> {
  const open = stored.filter(({ id }) => !settled.has(id))
  const rated = await hearSatisfaction(em, workspaceId, open)
  const fresh = stored.map((arrival) =>
    rated.settled.has(arrival.id) ? { ...arrival, isSilent: true } : arrival,
  )
  return { fresh, told: rated.outbox }
}

/** Which chats their messages opened anew. What changes another message is no new word. */
async function openChats(
  em: Em,
  workspaceId: string,
  fresh: Arrival[],
  conversations: OpenConversation[],
): Promise<OpenConversation[]> {
  const written = fresh.filter(({ raw }) => !readChange(raw))
  const heard = written.map(({ id, conversationId, atMs, receivedAtMs, type, isSilent }) => ({
    ...{ conversationId, messageId: id, atMs: seenAt(type, atMs ?? receivedAtMs) },
    asks: !isSilent,
  }))
  const news = await openEpisodes(em, workspaceId, heard)
  return conversations.filter(({ conversationId }) => news.has(conversationId))
}

type Draft = Omit<Arrival, 'conversationId' | 'askKey' | 'isSilent' | 'isCampaigned'>

/** Who wrote each, and the ids that it will have. */
async function draft(
  em: Em,
  { workspaceId, portfolioId }: NumberAccess,
  messages: InboundMessage[],
): Promise<{ drafts: Draft[]; claimed: { outbox: OutboxRow[] } }> {
  const claimed = await claimContacts(
    em,
    workspaceId,
    messages.map((message) => ({ ...message, portfolioId })),
  )
  const contacts = await touchContacts(
    em,
    workspaceId,
    messages.map(({ atMs, type }, at) => ({
      contactId: claimed.contactIds[at] ?? '',
      seenAtMs: seenAt(type, atMs),
    })),
  )
  // Ids of one millisecond have no order of their own: within a webhook, messages stand as they were told.
  const ids = messages.map(() => newId()).sort()
  const drafts = messages.map((message, at) => ({
    ...message,
    id: ids[at] ?? '',
    factId: newId(),
    contactId: contacts[at] ?? '',
    receivedAtMs: Date.now(),
  }))
  return { drafts, claimed }
}

/** A tap on a campaign's button is no answer to what a journey asks meanwhile. */
function mayAnswer({ isSilent, raw, id, factId }: Arrival): boolean {
  return !isSilent && readTap(toReply(raw, id, factId).choiceId) === undefined
}

/** A system notice is not a word of the customer's: it opens no window. */
function seenAt(type: string, atMs = Date.now()): number {
  return type === 'system' ? 0 : Math.min(atMs, Date.now())
}

interface OpenConversation {
  conversationId: string
  contactId: string
  isCampaigned: boolean
}

/** One conversation a contact and number, for ever; the 24-hour window moves forward only. */
async function openConversations(
  em: Em,
  number: NumberAccess,
  drafts: { contactId: string; atMs: number | undefined; type: string }[],
): Promise<Map<string, OpenConversation>> {
  const latest = new Map<string, number>()
  for (const { contactId, atMs = Date.now(), type } of drafts) {
    const windowFrom = seenAt(type, atMs)
    latest.set(contactId, Math.max(latest.get(contactId) ?? 0, windowFrom))
  }
  const rows = [...latest].sort(([a], [b]) => (a < b ? -1 : 1))
  const found = await em.execute<{ id: string; contact_id: string; is_campaigned: boolean }[]>(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at, last_message_at, spam)
     select n.id, ?, ?, n.contact_id, case when n.from_ms > 0 then to_timestamp(n.from_ms / 1000.0) + interval '24 hours' end, now(), ${isSpam('n')}
     from jsonb_to_recordset(?::jsonb) as n(id uuid, contact_id uuid, from_ms double precision)
     on conflict (number_id, contact_id) do update set
       window_ends_at = greatest(conversations.window_ends_at, excluded.window_ends_at), last_message_at = now()
     returning id, contact_id, coalesce(campaigned_at > now() - interval '24 hours', false) as is_campaigned`,
    [
      number.workspaceId,
      number.id,
      JSON.stringify(
        rows.map(([contactId, fromMs]) => ({ id: newId(), contact_id: contactId, from_ms: fromMs })),
      ),
    ],
  )
  return new Map(
    found.map(({ id, contact_id: contactId, is_campaigned: isCampaigned }) => [
      contactId,
      { conversationId: id, contactId, isCampaigned },
    ]),
  )
}

async function insertMessages(em: Em, number: NumberAccess, arrivals: Arrival[]): Promise<Arrival[]> {
  const rows = arrivals.map((arrival) => ({
    id: arrival.id,
    conversation_id: arrival.conversationId,
    contact_id: arrival.contactId,
    type: arrival.type,
    content: arrival.raw,
    text: toReply(arrival.raw, arrival.id, arrival.factId).text || describeContent(arrival.raw),
    wamid: arrival.wamid,
    context_wamid: arrival.contextWamid ?? null,
    target_wamid: readChange(arrival.raw)?.targetWamid ?? null,
    at_ms: arrival.atMs ?? Date.now(),
    received_at_ms: arrival.receivedAtMs,
    fact_id: arrival.factId,
  }))
  const inserted = await em.execute<{ id: string }[]>(
    `with stored as (
       insert into messages (id, workspace_id, number_id, direction, conversation_id, contact_id, type, content, text, wamid,
         context_wamid, target_wamid, sent_by_customer_at, created_at, fact_id)
       select n.id, ?, ?, 'in', n.conversation_id, n.contact_id, n.type, n.content, n.text, n.wamid, n.context_wamid, n.target_wamid,
         to_timestamp(n.at_ms / 1000.0), to_timestamp(n.received_at_ms / 1000.0), n.fact_id
       from jsonb_to_recordset(?::jsonb) as n(id uuid, conversation_id uuid, contact_id uuid, type text, content jsonb,
         text text, wamid text, context_wamid text, target_wamid text, at_ms double precision, received_at_ms double precision, fact_id uuid)
       order by n.wamid on conflict do nothing returning id, workspace_id, conversation_id, target_wamid),
     ${announcing(announcedAs('message.received'))}
     select id from stored`,
    [number.workspaceId, number.id, JSON.stringify(rows)],
  )
  const ids = new Set(inserted.map((row) => row.id))
  return arrivals.filter((arrival) => ids.has(arrival.id))
}

async function applySystemMessages(em: Em, workspaceId: string, arrivals: Arrival[]): Promise<void> {
  for (const { type, raw, contactId, id, factId } of arrivals) {
    const system = type === 'system' ? (raw['system'] as JsonObject | undefined) : undefined
    const newWaId = system?.['new_wa_id'] ?? system?.['wa_id']
    if (typeof newWaId !== 'string' || newWaId === raw['from']) continue
    const result = await changeNumber(em, workspaceId, contactId, newWaId)
    const data = { message: id, result }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'identity.changed', contactId, causeId: factId, data },
    ])
  }
}

function arrivalFact(arrival: Arrival, holder: Holder | undefined): Fact {
  const data: JsonObject = { message: arrival.id, type: arrival.type }
  if (holder) data['floor'] = holder.workflowId
  const { factId, contactId } = arrival
  return { id: factId, atMs: arrival.receivedAtMs, kind: 'message.received', contactId, data }
}

function signalsFor(
  workspaceId: string,
  arrival: Arrival,
  holder: Holder | undefined,
  orders: ReadonlyMap<string, string>,
): OutboxEntry[] {
  const { id, conversationId, factId } = arrival
  if (arrival.isSilent) return []
  if (holder) {
    const read = toReply(arrival.raw, id, factId)
    const orderId = orders.get(id)
    const reply = read.order && orderId ? { ...read, order: { id: orderId, ...read.order } } : read
    const payload = { workspaceId, conversationId, eventId: id, askKey: holder.askKey, reply }
    return [{ name: 'replied', workflowId: holder.workflowId, payload }]
  }
  const payload = { workspaceId, conversationId, eventId: id, messageId: id }
  return [{ name: 'messageReceived', workflowId: chatWorkflowId(workspaceId, conversationId), payload }]
}
