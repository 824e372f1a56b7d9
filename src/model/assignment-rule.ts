import { z } from 'zod'
import { businessHoursSchema, isOpen, type BusinessHours } from './business-hours.ts'
import { leavesOf } from './condition-dependencies.ts'
import { conditionSchema, evaluateCondition, type ConditionScope } from './conditions.ts'
import { readPath, toText, type JsonObject } from './json.ts'
import { judgeTrigger, keywordProblem } from './triggers.ts'

const sources = ['ad', 'post', 'qr-code', 'widget', 'direct'] as const

const keywordsSchema = z
  .strictObject({
    words: z.array(z.string().trim().min(1).max(200)).min(1).max(100),
    match: z.enum(['exact', 'contains', 'regex']).default('contains'),
  })
  .superRefine(({ words, match }, context) => {
    const problem = keywordProblem({ type: 'user-utterance', keywords: words, match })
    if (problem) context.addIssue({ code: 'custom', path: ['words'], message: problem })
  })

/** What of a message and its sender a rule looks at; all that is named must be so. */
const whenSchema = z
  .strictObject({
    keywords: keywordsSchema.optional().meta({ description: 'what the message says' }),
    sources: z
      .array(z.enum(sources))
      .min(1)
      .optional()
      .meta({ description: 'how the customer came to write' }),
    sourceIds: z.array(z.string().min(1).max(100)).min(1).max(100).optional().meta({
      description: 'ids of ads or posts, as Meta tells them',
    }),
    entryPointIds: z.array(z.uuid()).min(1).max(100).optional().meta({ description: 'QR codes and links' }),
    languages: z.array(z.string().min(2).max(20)).min(1).max(50).optional().meta({
      description: "the contact's language: `pt` fits `pt_BR` too",
    }),
    hours: z
      .strictObject({
        are: z.enum(['within', 'outside']),
        of: businessHoursSchema
          .optional()
          .meta({ description: "the workspace's business hours when absent" }),
      })
      .optional(),
    condition: conditionSchema.optional().meta({
      description: 'on the contact, `event.*` (the referral) and `reply.text` (what was said)',
    }),
  })
  .meta({ description: 'nothing named: every message' })

const method = z.enum(['by-hand', 'round-robin', 'least-busy', 'last-agent', 'pull']).meta({
  description:
    'by hand: they see to it themselves; in turn; who has the fewest chats; who had the chat last; or it waits in the queue until somebody takes the next one',
})

/** Ordered; the first that fits decides. */
export const assignmentRuleSchema = z
  .strictObject({
    when: whenSchema.default({}),
    to: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('agent'), userId: z.uuid() }),
      z.strictObject({ kind: z.literal('bot'), userId: z.uuid() }),
      z.strictObject({ kind: z.literal('team'), groupId: z.uuid(), method }),
      z.strictObject({ kind: z.literal('anybody'), method }),
    ]),
    whenNobody: z.enum(['queue', 'next-rule']).default('queue').meta({
      description: 'when nobody is free: the chat waits for them, or the rules after this one are looked at',
    }),
  })
  .meta({ id: 'AssignmentRuleDefinition' })
export type AssignmentRuleDefinition = z.output<typeof assignmentRuleSchema>

/** What rules are judged by. */
export interface AssignmentScope {
  text: string
  source: (typeof sources)[number]
  sourceId: string | undefined
  entryPointId: string | undefined
  language: string | undefined
  businessHours: BusinessHours | null
  condition: ConditionScope
}

export interface RuleVerdict {
  matched: boolean
  reason: string
  /** What was looked at, as it was. */
  saw: JsonObject
}

export function judgeAssignmentRule(
  { when }: Pick<AssignmentRuleDefinition, 'when'>,
  scope: AssignmentScope,
): RuleVerdict {
  const saw: JsonObject = {}
  const reasons: string[] = []
  for (const judge of judges) {
    const verdict = judge(when, scope, saw)
    if (!verdict) continue
    if (!verdict.holds) return { matched: false, reason: verdict.words, saw }
    reasons.push(verdict.words)
  }
  return { matched: true, reason: reasons.join(', ') || 'it is for every message', saw }
}

type When = AssignmentRuleDefinition['when']
type Judge = (
  when: When,
  scope: AssignmentScope,
  saw: JsonObject,
) => { holds: boolean; words: string } | undefined

const judges: Judge[] = [
  ({ keywords }, { text, condition }) => {
    if (!keywords) return undefined
    const trigger = { type: 'user-utterance' as const, keywords: keywords.words, match: keywords.match }
    const { matched, reason } = judgeTrigger(trigger, { type: 'user-utterance', text }, condition)
    return { holds: matched, words: reason }
  },
  (when, { source }, saw) => {
    if (!when.sources) return undefined
    saw['source'] = source
    return { holds: when.sources.includes(source), words: `the customer came by ${source}` }
  },
  ({ sourceIds }, { sourceId }, saw) => {
    if (!sourceIds) return undefined
    saw['sourceId'] = sourceId ?? null
    const words =
      sourceId === undefined ? 'the customer came by no ad' : `the customer came by the ad ${sourceId}`
    return { holds: sourceId !== undefined && sourceIds.includes(sourceId), words }
  },
  ({ entryPointIds }, { entryPointId }, saw) => {
    if (!entryPointIds) return undefined
    saw['entryPoint'] = entryPointId ?? null
    const holds = entryPointId !== undefined && entryPointIds.includes(entryPointId)
    return { holds, words: `the customer came by ${entryPointId === undefined ? 'no' : 'an'} entry point` }
  },
  ({ languages }, { language }, saw) => {
    if (!languages) return undefined
    saw['language'] = language ?? null
    const words =
      language === undefined ? "the contact's language is not known" : `the contact's language is ${language}`
    return { holds: language !== undefined && languages.some((each) => speaks(language, each)), words }
  },
  ({ hours }, { businessHours, condition: { nowMs } }, saw) => {
    if (!hours) return undefined
    const of = hours.of ?? businessHours
    const isWithin = of === null || isOpen(of, nowMs)
    saw['within hours'] = isWithin
    return {
      holds: isWithin === (hours.are === 'within'),
      words: `it is ${isWithin ? 'within' : 'outside'} the hours`,
    }
  },
  ({ condition }, { condition: scope }, saw) => {
    if (!condition) return undefined
    for (const leaf of leavesOf(condition)) {
      if (leaf.kind === 'compare') saw[leaf.path] = toText(readPath(scope, leaf.path)).slice(0, 100)
    }
    const holds = evaluateCondition(condition, scope)
    return { holds, words: holds ? 'the condition holds' : 'the condition does not hold' }
  },
]

/** `pt` is spoken by who speaks `pt_BR`; `pt_BR` not by who speaks `pt`. */
function speaks(language: string, wanted: string): boolean {
  const parts = (tag: string) => tag.toLowerCase().replaceAll('_', '-')
  return parts(language) === parts(wanted) || parts(language).startsWith(`${parts(wanted)}-`)
}
