import { loadContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import { readWayIn } from '../entry-points/read-way-in.ts'
import { findInboxSettings } from '../lifecycle/inbox-settings.ts'
import {
  assignmentRuleSchema,
  judgeAssignmentRule,
  type AssignmentRuleDefinition,
  type AssignmentScope,
  type RuleVerdict,
} from '../model/assignment-rule.ts'
import { loadForConditions } from '../segments/judge-conditions.ts'

export interface StoredRule {
  id: string
  name: string
  definition: AssignmentRuleDefinition
}
export interface JudgedRule extends RuleVerdict {
  rule: StoredRule
}

/** What somebody wrote, or might write. */
export interface SaidMessage {
  workspaceId: string
  numberId: string
  contactId: string
  text: string
  /** As WhatsApp told it: with the `referral` of an ad. */
  content: Record<string, unknown>
  atMs: number
}

/** The enabled rules for a number, in order. */
export async function listRulesFor(em: Em, workspaceId: string, numberId: string): Promise<StoredRule[]> {
  const rows = await em.execute<{ id: string; name: string; definition: object }[]>(
    `select id, name, definition from assignment_rules where workspace_id = ? and enabled
       and (number_id is null or number_id = ?) order by position, id`,
    [workspaceId, numberId],
  )
  return rows.map((row) => ({ ...row, definition: assignmentRuleSchema.parse(row.definition) }))
}

/** Judges rules one after the other, as far as the caller asks: what comes after the rule that decides is not looked at. */
export async function judgeRules(
  em: Em,
  said: SaidMessage,
  rules: StoredRule[],
): Promise<(rule: StoredRule) => JudgedRule> {
  const { workspaceId, contactId, atMs: nowMs } = said
  const { stimuli, referral, entryPointId } = await readWayIn(em, said)
  const contact = await loadContactView(em, workspaceId, contactId)
  const asked = rules.flatMap(({ definition: { when } }) => (when.condition ? [when.condition] : []))
  const known = await loadForConditions(em, {
    ...{ workspaceId, contactId: contact.id, conditions: asked, nowMs },
  })
  const settled = new Map(asked.map((condition, at) => [condition, known.conditions[at] ?? condition]))
  const needsHours = rules.some(({ definition: { when } }) => when.hours && !when.hours.of)
  const settings = needsHours ? (await findInboxSettings(em, workspaceId)).settings : undefined
  const ad = stimuli.find((each) => each.type === 'ad-click')
  const scope: AssignmentScope = {
    text: said.text,
    source: sourceOf(stimuli[0]),
    sourceId: ad?.sourceId,
    entryPointId,
    language: typeof contact.language === 'string' ? contact.language : undefined,
    businessHours: settings?.businessHours ?? null,
    condition: {
      contact,
      vars: {},
      event: referral,
      reply: { text: said.text },
      nowMs,
      history: known.history,
    },
  }
  return (rule) => {
    const { when } = rule.definition
    const condition = when.condition && settled.get(when.condition)
    return { rule, ...judgeAssignmentRule({ when: { ...when, condition } }, scope) }
  }
}

/** An entry point stands before an ad, as among triggers. */
function sourceOf(stimulus: { type: string; sourceType?: string } | undefined): AssignmentScope['source'] {
  if (stimulus?.type === 'qr-code' || stimulus?.type === 'widget') return stimulus.type
  if (stimulus?.type === 'ad-click') return stimulus.sourceType === 'post' ? 'post' : 'ad'
  return 'direct'
}
