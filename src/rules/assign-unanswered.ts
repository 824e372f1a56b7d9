import { recordFacts } from '../analytics/facts.ts'
import { assignChat } from '../conversations/assign.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { judgeRules, listRulesFor, type JudgedRule, type SaidMessage } from './judge-rules.ts'
import type { Candidates } from './load-agents.ts'
import { pickAgent, type AgentQuery, type LookedAt } from './pick-agent.ts'
import { queueChat } from './queue.ts'
import { isFresh } from './rule-fresh.ts'

export interface UnansweredMessage extends SaidMessage {
  id: string
  conversationId: string
  causeId: string
}

interface Decision {
  words: string
  outbox: OutboxRow[]
  looked: LookedAt[]
  /** Nobody is free, and the rule leaves it to those after it. */
  passesOn?: boolean
}

/**
 * No journey answers a message, and nobody has its chat: the first assignment rule that fits gives it to somebody, in the
 * caller's transaction. What was looked at, and why, is one fact.
 */
export async function assignUnanswered(em: Em, message: UnansweredMessage): Promise<OutboxRow[]> {
  const { workspaceId, numberId, contactId, causeId, atMs } = message
  const { conversationId } = await lockChat(em, workspaceId, message.conversationId)
  if (!(await isFresh(em, workspaceId, conversationId))) return []
  const rules = await listRulesFor(em, workspaceId, numberId)
  if (rules.length === 0) return []
  const judge = await judgeRules(em, message, rules)
  const chat = { workspaceId, conversationId, contactId, causeId: derivedId(message.id, 'assignment.judged') }
  const judged: JsonObject[] = []
  const outbox: OutboxRow[] = []
  let decision = 'no rule fits: the chat stays as it is'
  for (const rule of rules) {
    const verdict = judge(rule)
    const done = verdict.matched ? await tryRule(em, chat, verdict) : undefined
    judged.push(toTrace(verdict, done))
    if (!done) continue
    decision = done.words
    outbox.push(...done.outbox)
    if (!done.passesOn) break
  }
  await recordFacts(em, workspaceId, [
    {
      ...{ id: chat.causeId, atMs, kind: 'assignment.judged', contactId, causeId },
      data: { message: message.id, conversation: conversationId, rules: judged, decision },
    },
  ])
  return outbox
}

interface RuledChat {
  workspaceId: string
  conversationId: string
  contactId: string
  causeId: string
}

/** Somebody whom it names may have left since: the chat is refused before anything is written, and the rules after it count. */
async function tryRule(em: Em, chat: RuledChat, verdict: JudgedRule): Promise<Decision> {
  try {
    return await obeyRule(em, chat, verdict)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const words = `"${verdict.rule.name}" fits, but ${error.message}`
    return { words, outbox: [], looked: [], passesOn: true }
  }
}

async function obeyRule(em: Em, chat: RuledChat, verdict: JudgedRule): Promise<Decision> {
  const { rule, reason: why } = verdict
  const { to } = rule.definition
  const by = `rule ${rule.id}`
  const reason = { rule: rule.id, name: rule.name, why }
  if (to.kind === 'bot') {
    const { outbox } = await assignChat(em, { ...chat, userId: to.userId, by, reason })
    return { words: `"${rule.name}" gave the chat to a bot, which holds it`, outbox, looked: [] }
  }
  if ('method' in to && to.method === 'by-hand') {
    if (to.kind === 'anybody')
      return { words: `"${rule.name}" leaves it to whoever takes the chat`, outbox: [], looked: [] }
    const { outbox } = await assignChat(em, { ...chat, userId: null, groupId: to.groupId, by, reason })
    return { words: `"${rule.name}" left it to the team who takes the chat`, outbox, looked: [] }
  }
  return shareOut(em, chat, verdict)
}

/** To one of some people who is free, or into the queue. */
async function shareOut(em: Em, chat: RuledChat, { rule, reason: why }: JudgedRule): Promise<Decision> {
  const { to, whenNobody } = rule.definition
  const candidates = candidatesOf(to)
  const method = methodOf(to)
  const wait = async (words: string, looked: LookedAt[]): Promise<Decision> => {
    const outbox = await queueChat(em, {
      ...{ ...chat, why: words },
      waitsFor: { candidates, method: method ?? 'pull', ruleId: rule.id },
    })
    return { words: `"${rule.name}" put the chat into the queue: ${words}`, outbox, looked }
  }
  if (method === undefined) return wait('whoever takes the next one gets it', [])
  const { workspaceId, conversationId } = chat
  const picked = await pickAgent(em, { workspaceId, conversationId, candidates, method })
  if (picked.userId === null) {
    if (whenNobody === 'queue') return wait(picked.reason, picked.looked)
    const words = `"${rule.name}" fits, but ${picked.reason}`
    return { words, outbox: [], looked: picked.looked, passesOn: true }
  }
  const reason = { rule: rule.id, name: rule.name, why, picked: picked.reason }
  const groupId = to.kind === 'team' ? to.groupId : undefined
  const order = { ...chat, userId: picked.userId, groupId, by: `rule ${rule.id}`, reason }
  const { outbox } = await assignChat(em, order)
  return { words: `"${rule.name}" gave the chat away: ${picked.reason}`, outbox, looked: picked.looked }
}

type Target = JudgedRule['rule']['definition']['to']

export function candidatesOf(to: Target): Candidates {
  if (to.kind === 'team') return { groupId: to.groupId }
  return to.kind === 'anybody' ? 'everybody' : { userIds: [to.userId] }
}

/** Undefined: it waits for whoever takes the next one. */
export function methodOf(to: Target): AgentQuery['method'] | undefined {
  if (!('method' in to) || to.method === 'by-hand') return 'round-robin'
  return to.method === 'pull' ? undefined : to.method
}

/** People who were looked at are few where it matters; of many the first are told. */
const toldAgents = 20

function toTrace({ rule, matched, reason, saw }: JudgedRule, done: Decision | undefined): JsonObject {
  const looked = (done?.looked ?? []).slice(0, toldAgents)
  return {
    ...{ id: rule.id, name: rule.name, matched, reason, saw },
    ...(looked.length > 0 && {
      agents: looked.map(({ userId, name, state, open }) => ({ id: userId, name, state, open })),
    }),
  }
}
