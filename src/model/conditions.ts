import { z } from 'zod'
import { compare } from './condition-compare.ts'
import { holdsInHistory, type ConditionHistory } from './condition-history.ts'
import { before } from './condition-period.ts'
import { leafSchemas, performedSchema, type Leaf } from './condition-schema.ts'
import { foldText, scalarText } from './condition-values.ts'
import { readPath, type JsonObject } from './json.ts'
import { bucketKey, bucketOf, bucketSteps } from './random-bucket.ts'
import { localClock } from './schedule.ts'

export type EventCondition = z.infer<typeof performedSchema> & {
  /** Over `event.*`: which of these events count. */
  where?: Condition | undefined
}
export type Condition =
  | Leaf
  | EventCondition
  | { kind: 'and' | 'or'; conditions: Condition[] }
  | { kind: 'not'; condition: Condition }

const maximumDepth = 20
const maximumNodes = 500

const tree: z.ZodType<Condition, unknown> = z
  .lazy(() =>
    z.discriminatedUnion('kind', [
      performedSchema.extend({ where: tree.optional() }),
      z.object({ kind: z.enum(['and', 'or']), conditions: z.array(tree).min(1).max(50) }),
      z.object({ kind: z.literal('not'), condition: tree }),
      ...Object.values(leafSchemas),
    ]),
  )
  .meta({ id: 'Condition' })

/** The one condition model: cards, triggers and segments all use it. Its size is judged before its parts are. */
export const conditionSchema: z.ZodType<Condition, unknown> = z.preprocess((given, context) => {
  const problem = sizeProblem(given)
  if (problem === undefined) return given
  context.addIssue({ code: 'custom', message: problem })
  return z.NEVER
}, tree)

/** What a condition looks at. */
export interface ConditionScope {
  contact: Record<string, unknown>
  vars: Record<string, unknown>
  event?: Record<string, unknown> | undefined
  reply?: Record<string, unknown> | undefined
  nowMs: number
  /** Where it is absent, conditions that need it may not be judged: see `needsHistory`. */
  history?: ConditionHistory | undefined
}

/** What started a run, or what it waited for, stands in its variables. */
export function eventOf(vars: JsonObject): JsonObject | undefined {
  const { event } = vars
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? event : undefined
}

export function evaluateCondition(condition: Condition, scope: ConditionScope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((child) => evaluateCondition(child, scope))
    case 'or':
      return condition.conditions.some((child) => evaluateCondition(child, scope))
    case 'not':
      return !evaluateCondition(condition.condition, scope)
    case 'event':
      return performed(condition, scope)
    default:
      return holds(condition, scope)
  }
}

function holds(leaf: Leaf, scope: ConditionScope): boolean {
  switch (leaf.kind) {
    case 'compare':
      return compare(leaf, readPath(scope, leaf.path), scope.nowMs, zoneOf(scope))
    case 'tag':
      return hasTag(scope.contact['tags'], leaf.tag) === leaf.has
    case 'local-time':
      return isWithinHours(leaf, scope)
    case 'bucket':
      return isInBucket(leaf, scope)
    case 'spam':
      return (scope.contact['spam'] === true) === leaf.is
    default:
      return holdsInHistory(leaf, historyOf(scope, leaf.kind), scope.nowMs)
  }
}

function hasTag(tags: unknown, tag: string): boolean {
  const wanted = foldText(tag)
  return Array.isArray(tags) && tags.some((each) => foldText(scalarText(each) ?? '') === wanted)
}

function isWithinHours({ from, to, weekdays }: Leaf<'local-time'>, scope: ConditionScope): boolean {
  const { time, weekday } = localClock(scope.nowMs, zoneOf(scope))
  if (!weekdays.some((day) => day === weekday)) return false
  return from > to ? time >= from || time < to : time >= from && time < to
}

function isInBucket({ salt, from, to }: Leaf<'bucket'>, scope: ConditionScope): boolean {
  const bucket = bucketOf(String(scope.contact['id']), bucketKey(salt))
  const [first, end] = bucketBounds({ from, to })
  return bucket >= first && bucket < end
}

/** Percents as steps, `to` excluded. */
export function bucketBounds({ from, to }: { from: number; to: number }): [number, number] {
  return [Math.round((from * bucketSteps) / 100), Math.round((to * bucketSteps) / 100)]
}

function performed(condition: EventCondition, scope: ConditionScope): boolean {
  const { event, where, count = { operator: 'at-least', times: 1 } } = condition
  const [fromMs, endMs] = eventWindow(condition, scope.nowMs)
  const found = historyOf(scope, 'event').events.filter(
    ({ type, atMs, attributes }) =>
      type === event &&
      atMs >= fromMs &&
      atMs < endMs &&
      // Of events nothing but their attributes is looked at, whose dates are those of UTC.
      (!where || evaluateCondition(where, { ...scope, contact: {}, vars: {}, event: attributes })),
  ).length
  const isMet =
    count.operator === 'at-least'
      ? found >= count.times
      : count.operator === 'at-most'
        ? found <= count.times
        : found === count.times
  return isMet === condition.performed
}

/** From and (excluded) until when events count, in epoch ms; infinite where it does not say. */
export function eventWindow({ window }: EventCondition, nowMs: number): [fromMs: number, endMs: number] {
  if (!window) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if ('last' in window) return [before(nowMs, window.last), Number.POSITIVE_INFINITY]
  return [
    window.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(window.from),
    window.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(window.to),
  ]
}

function historyOf({ history }: ConditionScope, kind: string): ConditionHistory {
  if (history) return history
  throw new Error(`a condition on ${kind} is judged where no history of the contact is loaded`)
}

function zoneOf({ contact }: ConditionScope): string | undefined {
  return contact['time_zone'] as string | undefined
}

/** Counted without recursion: what is nested a million deep must not end the process. */
function sizeProblem(given: unknown): string | undefined {
  const todo: [unknown, number][] = [[given, 1]]
  let nodes = 0
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [node, depth] = next
    if (typeof node !== 'object' || node === null) continue
    if (depth > maximumDepth) return `conditions may be nested ${maximumDepth} deep`
    if (++nodes > maximumNodes) return `a condition may have at most ${maximumNodes} parts`
    const { conditions, condition, where } = node as Record<string, unknown>
    const children = [...(Array.isArray(conditions) ? conditions : []), condition, where]
    for (const child of children) todo.push([child, depth + 1])
  }
  return undefined
}
