import { parseMessageEchoes, type MessageEcho } from '../../integrations/whatsapp/message-echoes.ts'
import type { InboundOther } from '../../integrations/whatsapp/webhook.ts'
import { recordFacts } from '../analytics/facts.ts'
import { claimContacts } from '../contacts/claim-contacts.ts'
import { noteEchoes } from '../conversations/note-sent.ts'
import { isSpam } from '../conversations/is-spam.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { answered } from '../lifecycle/on-deeds.ts'
import { announcing } from '../live/announce.ts'
import { announcedAs } from '../live/announce-messages.ts'
import { claimReceived } from '../media/claim-received.ts'
import { readChange } from '../model/message-change.ts'
import { describeContent } from '../model/message.ts'
import { enqueue, type OutboxRow } from '../outbox/outbox.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { takeOverByDeed } from '../takeover/take-over-by-deed.ts'
import { applyChanges } from './apply-changes.ts'

interface Echo extends MessageEcho {
  id: string
  factId: string
  contactId: string
  conversationId: string
}

/**
 * What somebody typed on the phone is part of the chat, and whoever types has it: journeys stand still, as after a message
 * of an agent's. A reaction there, an edit or a deletion takes nothing over. Told twice it is one message.
 */
export async function receiveEchoes(
  em: Em,
  number: NumberAccess,
  others: InboundOther[],
): Promise<OutboxRow[]> {
  const echoes = others.flatMap(parseMessageEchoes)
  if (echoes.length === 0) return []
  const { workspaceId, portfolioId } = number
  const claimed = await claimContacts(
    em,
    workspaceId,
    echoes.map((echo) => ({ ...echo, portfolioId })),
  )
  const drafts = echoes.map((echo, at) => ({
    ...{ ...echo, id: newId(), factId: newId(), contactId: claimed.contactIds[at] ?? '' },
  }))
  const fresh = await storeEchoes(em, number, await openChats(em, number, drafts))
  await applyChanges(em, number, fresh)
  const written = fresh.filter(({ raw }) => !readChange(raw))
  const outbox = [...claimed.outbox, ...(await enqueue(em, await claimReceived(em, number, written)))]
  for (const { conversationId, factId } of new Map(
    written.map((each) => [each.conversationId, each]),
  ).values()) {
    const deed = { workspaceId, conversationId, kind: 'echo' as const, by: 'the phone', causeId: factId }
    outbox.push(...(await takeOverByDeed(em, deed)), ...(await answered(em, deed)))
  }
  return outbox
}

async function openChats(
  em: Em,
  number: NumberAccess,
  drafts: Omit<Echo, 'conversationId'>[],
): Promise<Echo[]> {
  const contactIds = [...new Set(drafts.map(({ contactId }) => contactId))].sort()
  const chats = await em.execute<{ id: string; contact_id: string }[]>(
    `insert into conversations (id, workspace_id, number_id, contact_id, last_message_at, spam)
     select n.id, ?, ?, n.contact_id, now(), ${isSpam('n')} from jsonb_to_recordset(?::jsonb) as n(id uuid, contact_id uuid)
     on conflict (number_id, contact_id) do update set last_message_at = now() returning id, contact_id`,
    [
      number.workspaceId,
      number.id,
      JSON.stringify(contactIds.map((contactId) => ({ id: newId(), contact_id: contactId }))),
    ],
  )
  const chatOf = new Map(chats.map((chat) => [chat.contact_id, chat.id]))
  return drafts.map((draft) => ({ ...draft, conversationId: chatOf.get(draft.contactId) ?? '' }))
}

async function storeEchoes(
  em: Em,
  { workspaceId, id: numberId }: NumberAccess,
  echoes: Echo[],
): Promise<Echo[]> {
  const rows = echoes.map(
    ({ id, conversationId, contactId, factId, type, raw, wamid, contextWamid, atMs }) => ({
      ...{ id, type, wamid, content: raw, text: describeContent(raw), fact_id: factId },
      ...{ context_wamid: contextWamid ?? null, target_wamid: readChange(raw)?.targetWamid ?? null },
      ...{ conversation_id: conversationId, contact_id: contactId, at_ms: atMs ?? Date.now() },
    }),
  )
  const inserted = await em.execute<{ id: string }[]>(
    `with stored as (
       insert into messages (id, workspace_id, number_id, direction, conversation_id, contact_id, type, content, text, wamid,
         context_wamid, target_wamid, fact_id, state, accepted_at)
       select n.id, ?, ?, 'out', n.conversation_id, n.contact_id, n.type, n.content, n.text, n.wamid,
         n.context_wamid, n.target_wamid, n.fact_id, 'accepted',
         to_timestamp(n.at_ms / 1000.0)
       from jsonb_to_recordset(?::jsonb) as n(id uuid, conversation_id uuid, contact_id uuid, type text, content jsonb,
         text text, wamid text, context_wamid text, target_wamid text, fact_id uuid, at_ms double precision)
       order by n.wamid on conflict do nothing returning id, workspace_id, conversation_id, target_wamid),
     ${announcing(announcedAs('message.sent'))}
     select id from stored`,
    [workspaceId, numberId, JSON.stringify(rows)],
  )
  const ids = new Set(inserted.map((row) => row.id))
  const fresh = echoes.filter(({ id }) => ids.has(id))
  await noteEchoes(
    em,
    workspaceId,
    fresh.filter(({ raw }) => !readChange(raw)),
  )
  await recordFacts(
    em,
    workspaceId,
    fresh.map(({ factId, contactId, id }) => ({
      ...{ id: factId, atMs: Date.now(), kind: 'message.echoed', contactId, data: { message: id } },
    })),
  )
  return fresh
}
