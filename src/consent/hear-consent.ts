import type { InboundMessage } from '../../integrations/whatsapp/webhook.ts'
import type { Em } from '../db/orm.ts'
import { categoriesOf, type ConsentScope } from '../model/consent.ts'
import { judgeConsent, type ConsentRules, type ConsentVerdict } from '../model/judge-consent.ts'
import { toReply } from '../model/reply.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import { findConsentRules } from './consent-rules.ts'
import { letGoOfQuestions } from './let-go-of-questions.ts'
import { planReply, type ReplyKind } from './plan-reply.ts'
import { lockContacts, recordStatements, type ConsentChange } from './record-consent.ts'

/** A stored message of a customer's. */
interface Heard extends InboundMessage {
  id: string
  factId: string
  contactId: string
  conversationId: string
  receivedAtMs: number
}
/** The words about consent in a batch of messages. */
export interface ConsentWordsHeard {
  rules: ConsentRules
  verdicts: Map<string, ConsentVerdict>
}

/**
 * Looks for STOP and START among messages on their way in. Nearly always there is none, and nothing is asked of the
 * database. The contacts of those that are one are locked here, before anybody locks their conversations.
 */
export async function listenForConsent(
  em: Em,
  number: NumberAccess,
  messages: (InboundMessage & { id: string; contactId: string })[],
): Promise<ConsentWordsHeard> {
  const rules = await findConsentRules(em, number.workspaceId, number.id)
  const verdicts = new Map<string, ConsentVerdict>()
  for (const message of messages) {
    const verdict = judgeConsent(rules, textsOf(message, rules))
    if (verdict) verdicts.set(message.id, verdict)
  }
  const said = messages.filter(({ id }) => verdicts.has(id)).map(({ contactId }) => contactId)
  if (said.length > 0) await lockContacts(em, number.workspaceId, said)
  return { rules, verdicts }
}

/** Captions, shared contacts and what is said in any other form mean no consent. */
function textsOf({ type, raw, id }: InboundMessage & { id: string }, { settings }: ConsentRules): string[] {
  if (type === 'text') return [toReply(raw, id, id).text]
  if (!settings.buttons || (type !== 'button' && type !== 'interactive')) return []
  const { text, choiceId = '' } = toReply(raw, id, id)
  return [text, choiceId]
}

/**
 * Records what was said, in the transaction that stores the messages: nothing can be sent between a STOP and its effect.
 * Returns the messages that are settled by it: they answer no question.
 */
export async function recordHeard(
  em: Em,
  number: NumberAccess,
  fresh: Heard[],
  { rules, verdicts }: ConsentWordsHeard,
): Promise<{ outbox: OutboxRow[]; settled: Set<string> }> {
  const { workspaceId } = number
  const heard = fresh.flatMap((message) => {
    const verdict = verdicts.get(message.id)
    return verdict ? [{ message, verdict }] : []
  })
  if (heard.length === 0) return { outbox: [], settled: new Set() }
  const counted = rules.settings.optInFromUnknown ? heard : await withoutUnknown(em, workspaceId, heard)
  const { outbox, changes } = await recordStatements(
    em,
    workspaceId,
    counted.map(({ message, verdict }) => ({
      contactId: message.contactId,
      ...{ category: verdict.category, state: verdict.state },
      source: message.type === 'text' ? 'keyword' : 'button',
      text: toReply(message.raw, message.id, message.factId).text,
      atMs: message.atMs ?? message.receivedAtMs,
      ...{ causeId: message.factId, by: 'contact', messageId: message.id },
    })),
  )
  const judged = counted.map((each) => ({
    ...each,
    ...effectOf(rules, each, changes),
  }))
  await saveHeard(em, workspaceId, judged)
  const stops = judged.filter(({ verdict }) => verdict.state === 'opted_out')
  const letGo = await letGoOfQuestions(
    em,
    workspaceId,
    stops.map(({ message, verdict }) => ({ ...message, category: verdict.category })),
  )
  outbox.push(...letGo)
  for (const { message, verdict, reply: kind } of judged) {
    if (!kind) continue
    const { language } = verdict
    const reply = { ...message, kind, language, messageId: message.id }
    outbox.push(...(await planReply(em, number, rules.settings, reply)))
  }
  const settled = judged.filter(({ settles }) => settles).map(({ message }) => message.id)
  return { outbox, settled: new Set(settled) }
}

interface HeardWord {
  message: Heard
  verdict: ConsentVerdict
}

/** Where START only takes an opt-out back, somebody who never opted out has said nothing by it. */
async function withoutUnknown(em: Em, workspaceId: string, heard: HeardWord[]): Promise<HeardWord[]> {
  const refused = await listRefused(
    em,
    workspaceId,
    heard.map(({ message }) => message.contactId),
  )
  const stops = new Set<string>()
  return heard.filter(({ message: { contactId }, verdict: { state, category } }) => {
    if (state === 'opted_out') stops.add(contactId)
    return stops.has(contactId) || isRefused(refused.get(contactId), category)
  })
}

function isRefused(refused: string[] | undefined, category: ConsentScope): boolean {
  return categoriesOf(category).some((each) => refused?.includes(each))
}

async function listRefused(
  em: Em,
  workspaceId: string,
  contactIds: string[],
): Promise<Map<string, string[]>> {
  const rows = await em.execute<{ contact_id: string; categories: string[] }[]>(
    `select contact_id, jsonb_agg(category) as categories from consents
     where workspace_id = ? and state = 'opted_out'
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid) group by contact_id`,
    [workspaceId, JSON.stringify(contactIds)],
  )
  return new Map(rows.map(({ contact_id, categories }) => [contact_id, categories]))
}

/**
 * A STOP is never anything else. A START is when it takes an opt-out back; of somebody who had not opted out it is also
 * an ordinary message, which may answer a question or start a journey, and gets no reply of ours.
 */
function effectOf(
  { settings }: ConsentRules,
  { message, verdict }: HeardWord,
  changes: ConsentChange[],
): { settles: boolean; routed: boolean; reply: ReplyKind | null } {
  const own = changes.filter(({ causeId }) => causeId === message.factId)
  const always = settings.confirm === 'always'
  if (verdict.state === 'opted_out') {
    const isDue = settings.replies.stop.on && (always || own.some(({ changed }) => changed))
    const kind = verdict.category === 'all' ? 'stopped' : 'stoppedMarketing'
    return { settles: true, routed: settings.continueRouting.stop, reply: isDue ? kind : null }
  }
  const restores = own.some(({ changed, before }) => changed && before === 'opted_out')
  const isDue = settings.replies.start.on && (always || restores)
  return {
    settles: restores,
    routed: !restores || settings.continueRouting.start,
    reply: isDue ? 'started' : null,
  }
}

async function saveHeard(
  em: Em,
  workspaceId: string,
  heard: (HeardWord & { routed: boolean; reply: ReplyKind | null })[],
): Promise<void> {
  await em.execute(
    `insert into consent_messages (message_id, workspace_id, state, category, word, language, rule, reply, routed)
     select n.message_id, ?, n.state, n.category, n.word, n.language, n.rule, n.reply, n.routed
     from jsonb_to_recordset(?::jsonb) as n(message_id uuid, state text, category text, word text, language text, rule text,
       reply text, routed boolean)`,
    [
      workspaceId,
      JSON.stringify(
        heard.map(({ message, verdict, reply, routed }) => ({
          ...{ message_id: message.id, ...verdict, reply, routed },
        })),
      ),
    ],
  )
}
