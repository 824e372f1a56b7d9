import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { candidatesOf, methodOf } from './assign-unanswered.ts'
import { judgeRules, listRulesFor } from './judge-rules.ts'
import { foreseeAgent, type LookedAt } from './pick-agent.ts'
import { findTagRules } from './tag-rules.ts'

export interface AssignmentTrial {
  rules: { id: string; name: string; matched: boolean; reason: string; saw: JsonObject; agents: LookedAt[] }[]
  /** The rule that would decide. */
  ruleId: string | null
  decision: string
  userId: string | null
  groupId: string | null
  /** A default rule on fresh messages would be first. */
  defaultRuleId: string | null
}

/** What the rules would do with a message that somebody writes whose chat nobody has. Nothing of it happens. */
export async function tryAssignment(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    conversationId: string
    text: string
    referral: JsonObject | undefined
    atMs: number
  },
): Promise<AssignmentTrial> {
  const { workspaceId, conversationId, text, referral, atMs } = input
  const em = forkFor(deps.orm, workspaceId)
  const [chat] = await em.execute<{ contactId: string; numberId: string }[]>(
    'select contact_id as "contactId", number_id as "numberId" from conversations where id = ? and workspace_id = ?',
    [conversationId, workspaceId],
  )
  if (!chat) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  const said = { workspaceId, ...chat, text, atMs, content: referral ? { referral } : {} }
  const rules = await listRulesFor(em, workspaceId, chat.numberId)
  const judge = await judgeRules(em, said, rules)
  const [first] = await findTagRules(em, workspaceId, [null])
  const trial: AssignmentTrial = {
    ...{ rules: [], ruleId: null, userId: null, groupId: null, defaultRuleId: first?.id ?? null },
    decision: 'no rule fits: the chat would stay as it is',
  }
  for (const rule of rules) {
    const { matched, reason, saw } = judge(rule)
    const seen = { id: rule.id, name: rule.name, matched, reason, saw, agents: [] as LookedAt[] }
    trial.rules.push(seen)
    if (!matched) continue
    const { to, whenNobody } = rule.definition
    const foreseen = await foresee(em, { workspaceId, conversationId, to })
    seen.agents = foreseen.agents
    if (foreseen.isNobody && whenNobody === 'next-rule') continue
    const { words: decision, userId, groupId } = foreseen
    return { ...trial, ruleId: rule.id, decision, userId, groupId }
  }
  return trial
}

type Target = Parameters<typeof candidatesOf>[0]

async function foresee(
  em: Parameters<typeof foreseeAgent>[0],
  { workspaceId, conversationId, to }: { workspaceId: string; conversationId: string; to: Target },
) {
  const groupId = to.kind === 'team' ? to.groupId : null
  const nobody = { userId: null, groupId, agents: [] as LookedAt[], isNobody: false }
  if (to.kind === 'bot')
    return { ...nobody, userId: to.userId, words: 'a bot would get the chat, and hold it' }
  if ('method' in to && to.method === 'by-hand')
    return { ...nobody, words: 'they would decide who takes the chat' }
  const method = methodOf(to)
  if (!method) return { ...nobody, words: 'it would wait in the queue for whoever takes the next one' }
  const query = { workspaceId, conversationId, candidates: candidatesOf(to), method }
  const { userId, reason, looked: agents } = await foreseeAgent(em, query)
  const words =
    userId === null ? `it would wait in the queue: ${reason}` : `one would get the chat: ${reason}`
  return { userId, groupId, agents, words, isNobody: userId === null }
}
