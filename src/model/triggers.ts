import { z } from 'zod'
import { conditionSchema, evaluateCondition, type ConditionScope } from './conditions.ts'
import { patternProblem } from './patterns.ts'

/** What starts a journey. */
export const triggerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('user-utterance'),
    keywords: z.array(z.string().trim().min(1).max(200)).min(1).max(100),
    match: z.enum(['exact', 'contains', 'regex']).default('exact'),
    condition: conditionSchema.optional(),
  }),
  z.object({
    type: z.literal('custom-event'),
    event: z.string().min(1).max(100),
    condition: conditionSchema.optional(),
  }),
  z.object({ type: z.literal('manual'), condition: conditionSchema.optional() }),
  z.object({ type: z.literal('api'), condition: conditionSchema.optional() }),
  z.object({ type: z.literal('manual-add'), condition: conditionSchema.optional() }),
  z.object({ type: z.literal('import-contact'), condition: conditionSchema.optional() }),
  z.object({
    type: z.literal('attribute-changed'),
    /** A system or custom attribute; the values before and after are `event.old` and `event.new`. */
    attribute: z.string().min(1).max(100),
    condition: conditionSchema.optional(),
  }),
  z.object({
    type: z.literal('segment-entered'),
    segmentId: z.uuid(),
    condition: conditionSchema.optional(),
  }),
  z.object({ type: z.literal('segment-left'), segmentId: z.uuid(), condition: conditionSchema.optional() }),
  z.object({
    type: z.literal('qr-code'),
    /** One of the journey's QR codes or links; any of them when absent. */
    entryPointId: z.uuid().optional(),
    condition: conditionSchema.optional(),
  }),
  z.object({
    type: z.literal('widget'),
    entryPointId: z.uuid().optional(),
    condition: conditionSchema.optional(),
  }),
  z.object({
    type: z.literal('ad-click'),
    /** Ids of ads or posts, as Meta tells them; any when absent. The whole referral is `event.*` of the condition. */
    sourceIds: z.array(z.string().min(1).max(100)).min(1).max(100).optional(),
    sourceType: z.enum(['ad', 'post']).optional(),
    condition: conditionSchema.optional(),
  }),
])
export type Trigger = z.infer<typeof triggerSchema>

/** What happened: a message, an event, or somebody asking for a start. */
export type Stimulus =
  | { type: 'user-utterance'; text: string }
  | { type: 'custom-event'; event: string }
  | { type: 'manual' | 'api' | 'manual-add' | 'import-contact' }
  | { type: 'attribute-changed'; attribute: string }
  | { type: 'segment-entered' | 'segment-left'; segmentId: string }
  /** Somebody came by an entry point of a journey. */
  | { type: 'qr-code' | 'widget'; entryPointId: string; name: string; journeyId: string }
  | { type: 'ad-click'; sourceId: string; sourceType: string }

/** Why a trigger fired or not, in words for the trace. */
export interface TriggerVerdict {
  matched: boolean
  reason: string
}

export function judgeTrigger(trigger: Trigger, stimulus: Stimulus, scope: ConditionScope): TriggerVerdict {
  if (trigger.type !== stimulus.type) return no(`the trigger is ${trigger.type}, this was ${stimulus.type}`)
  if (trigger.type === 'user-utterance' && stimulus.type === 'user-utterance') {
    const keyword = trigger.keywords.find((word) => matchesKeyword(word, trigger.match, stimulus.text))
    if (keyword === undefined) return no(`the text matches no keyword (${trigger.match})`)
    return judgeCondition(trigger, scope, `the text matches "${keyword}" (${trigger.match})`)
  }
  if (trigger.type === 'custom-event' && stimulus.type === 'custom-event') {
    if (trigger.event !== stimulus.event) return no(`the event is ${stimulus.event}, not ${trigger.event}`)
    return judgeCondition(trigger, scope, `the event is ${trigger.event}`)
  }
  if (trigger.type === 'attribute-changed' && stimulus.type === 'attribute-changed') {
    const { attribute } = stimulus
    if (trigger.attribute !== attribute) return no(`${attribute} changed, not ${trigger.attribute}`)
    return judgeCondition(trigger, scope, `${attribute} changed`)
  }
  if ('segmentId' in trigger && 'segmentId' in stimulus) {
    const did = trigger.type === 'segment-entered' ? 'entered' : 'left'
    if (trigger.segmentId !== stimulus.segmentId) return no(`the contact ${did} another segment`)
    return judgeCondition(trigger, scope, `the contact ${did} the segment`)
  }
  if (trigger.type === 'ad-click' && stimulus.type === 'ad-click') return judgeAd(trigger, stimulus, scope)
  if ('entryPointId' in stimulus && (trigger.type === 'qr-code' || trigger.type === 'widget')) {
    if (trigger.entryPointId !== undefined && trigger.entryPointId !== stimulus.entryPointId)
      return no(`the contact came by another entry point ("${stimulus.name}")`)
    return judgeCondition(trigger, scope, `the contact came by "${stimulus.name}"`)
  }
  return judgeCondition(trigger, scope, `started by ${trigger.type}`)
}

function judgeAd(
  trigger: Extract<Trigger, { type: 'ad-click' }>,
  { sourceId, sourceType }: Extract<Stimulus, { type: 'ad-click' }>,
  scope: ConditionScope,
): TriggerVerdict {
  if (trigger.sourceIds && !trigger.sourceIds.includes(sourceId))
    return no(`the ${sourceType} ${sourceId} is none of the trigger's`)
  if (trigger.sourceType && trigger.sourceType !== sourceType)
    return no(`the trigger is for ${trigger.sourceType}s: it was the ${sourceType} ${sourceId}`)
  return judgeCondition(trigger, scope, `the contact came by the ${sourceType} ${sourceId}`)
}

/** Whole-message comparison ignores case, width, surrounding space and closing punctuation: "Hello!" is hello. */
export function foldUtterance(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s.!?,;:…]+$/u, '')
}

/** A regular expression is tried on this much of a text only, which bounds its time. */
const maximumRegexInput = 500

function matchesKeyword(keyword: string, match: 'exact' | 'contains' | 'regex', text: string): boolean {
  if (match === 'regex') return new RegExp(keyword, 'iu').test(text.slice(0, maximumRegexInput))
  const folded = foldUtterance(text)
  if (match === 'exact') return folded === foldUtterance(keyword)
  return ` ${folded.replace(/[^\p{L}\p{N}]+/gu, ' ')} `.includes(
    ` ${foldUtterance(keyword).replace(/[^\p{L}\p{N}]+/gu, ' ')} `,
  )
}

function judgeCondition(trigger: Trigger, scope: ConditionScope, reason: string): TriggerVerdict {
  if (trigger.condition && !evaluateCondition(trigger.condition, scope)) {
    return no(`${reason}, but the trigger's condition does not hold`)
  }
  return { matched: true, reason }
}

function no(reason: string): TriggerVerdict {
  return { matched: false, reason }
}

/** Why a regex keyword may not be published: it does not compile, or nests repetition (exponential time). */
export function keywordProblem(trigger: Trigger): string | undefined {
  if (trigger.type !== 'user-utterance' || trigger.match !== 'regex') return undefined
  for (const keyword of trigger.keywords) {
    const problem = patternProblem(keyword, 'iu')
    if (problem) return `"${keyword}" ${problem}`
  }
  return undefined
}
