import { answerTap } from '../campaigns/answer-tap.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { countArrival, readWayIn } from '../entry-points/read-way-in.ts'
import { evaluateTriggers, type TriggerInput } from '../journeys/evaluate-triggers.ts'
import { startByTap } from '../journeys/start-by-tap.ts'
import { greetUnanswered } from '../lifecycle/greet.ts'
import { toReply } from '../model/reply.ts'
import { relaySoon } from '../outbox/relay.ts'
import type { Asked } from '../rules/ask-engine.ts'
import { assignUnanswered } from '../rules/assign-unanswered.ts'
import { findRulesFor, ruleFresh } from '../rules/rule-fresh.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

interface RoutedRow {
  id: string
  conversation_id: string
  number_id: string
  contact_id: string
  text: string
  content: JsonObject
  fact_id: string
  at_ms: number
  with_agent: boolean
}

/**
 * Decides what happens with messages that nobody awaits, one turn at a time: who gets the chat by the rule engine or the
 * default rules, then keyword triggers, then, where nothing began, the assignment rules. A STOP starts nothing, nor does what
 * is said to an agent: the verdicts are noted. Safe to repeat: a message's runs are entered under its id, its verdict is one
 * fact.
 * @param ruled what an external rule engine was asked before, where there is one
 */
export async function routeMessages(
  deps: Deps,
  input: { workspaceId: string; messageIds: string[]; ruled?: Asked['outcome'] },
): Promise<{ started: number; asks?: true }> {
  const { workspaceId, ruled } = input
  const em = forkFor(deps.orm, workspaceId)
  const rules = await findRulesFor(em, workspaceId)
  // It may take its time, which a turn of this workflow's short steps has not.
  if (rules.engine && ruled === undefined) return { started: 0, asks: true }
  if (rules.fresh && ruled !== 'answered')
    for (const chat of chatsOf(await findRouted(em, input)))
      relaySoon(deps, await em.transactional((tx) => ruleFresh(tx, { workspaceId, ...chat })))
  const rows = await findRouted(em, input)
  const outbox: OutboxRow[] = []
  for (const row of rows) {
    const trigger = {
      workspaceId,
      numberId: row.number_id,
      contactId: row.contact_id,
      stimulus: { type: 'user-utterance' as const, text: row.text },
      entry: row.id,
      causeId: row.fact_id,
      atMs: Math.round(row.at_ms),
      obstacle: row.with_agent ? 'an agent has the chat' : undefined,
    }
    outbox.push(...(await em.transactional((tx) => answerMessage(tx, trigger, row, rules))))
  }
  relaySoon(deps, outbox)
  return { started: outbox.length }
}

/** A STOP that starts nothing is not among them. */
function findRouted(em: Em, input: { workspaceId: string; messageIds: string[] }): Promise<RoutedRow[]> {
  return em.execute<RoutedRow[]>(
    `select id, conversation_id, number_id, contact_id, text, content, fact_id,
       extract(epoch from created_at)::float8 * 1000 + 1 as at_ms,
       exists (select 1 from holds h where h.workspace_id = m.workspace_id and h.kind = 'agent' and h.scope = 'contact'
         and h.scope_id = m.contact_id and (h.number_id is null or h.number_id = m.number_id)
         and (h.released_at is null or h.released_at > m.created_at)) as with_agent
     from messages m where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and not exists (select 1 from consent_messages c where c.message_id = m.id and not c.routed) order by id`,
    [input.workspaceId, JSON.stringify(input.messageIds)],
  )
}

/** With the first message of each. */
function chatsOf(rows: RoutedRow[]): { conversationId: string; causeId: string }[] {
  const first = Map.groupBy(rows, (row) => row.conversation_id)
  return [...first].map(([conversationId, [row]]) => ({ conversationId, causeId: row?.fact_id ?? '' }))
}

/** In this order: a button or a keyword that starts something; when nothing does, who gets the chat and what it says by itself. */
async function answerMessage(
  em: Em,
  trigger: TriggerInput,
  row: RoutedRow,
  rules: { assignment: boolean },
): Promise<OutboxRow[]> {
  const started = await judgeMessage(em, trigger, row)
  if (started.length > 0 || row.with_agent) return started
  const { workspaceId, contactId, numberId = row.number_id, causeId, atMs } = trigger
  const { id, conversation_id: conversationId, text, content } = row
  const message = { id, workspaceId, conversationId, contactId, numberId, text, content, causeId, atMs }
  const given = rules.assignment ? await assignUnanswered(em, message) : []
  const greeted = await greetUnanswered(em, { workspaceId, conversationId, messageId: id })
  return [...started, ...given, ...greeted]
}

/** A button that leads somewhere goes first. The way that the customer came by is judged with the words, and goes along in variables. */
async function judgeMessage(em: Em, trigger: TriggerInput, row: RoutedRow): Promise<OutboxRow[]> {
  const { workspaceId } = trigger
  const payload = payloadOf(row)
  const answered = payload && (await answerTap(em, { ...trigger, payload, text: row.text }))
  if (answered) return answered
  const led = payload && (await startByTap(em, { ...trigger, numberId: row.number_id, payload }))
  if (led) return led
  const { stimuli, vars, referral, entryPointId } = await readWayIn(em, {
    ...{ workspaceId, numberId: row.number_id, text: row.text, content: row.content },
  })
  const outbox = await evaluateTriggers(em, {
    ...trigger,
    others: stimuli,
    vars,
    ...(referral && { event: referral }),
  })
  if (entryPointId !== undefined) await countArrival(em, { workspaceId, messageId: row.id, entryPointId })
  return outbox
}

/** Of a template's button that carries none WhatsApp says its words instead. */
function payloadOf({ content, id, fact_id, text }: RoutedRow): string | undefined {
  const { choiceId, type } = toReply(content, id, fact_id)
  if (choiceId === undefined || /^\s*flow[_-]/i.test(choiceId)) return choiceId
  return type === 'button' && choiceId !== text ? choiceId : undefined
}
