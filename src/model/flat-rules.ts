import { z } from 'zod'
import { conditionSchema, type Condition } from './conditions.ts'
import { leafSchemas } from './condition-schema.ts'

const days = z.int().min(1).max(3_650)

/** One line of a filter as people fill it in, without nesting. */
const flatRuleSchema = z.union([
  z.strictObject({
    attribute: z.string().min(1).max(100),
    operator: leafSchemas.compare.shape.operator.default('equals'),
    value: leafSchemas.compare.shape.value,
  }),
  z.strictObject({ tag: z.string().min(1).max(100), has: z.boolean().default(true) }),
  z.strictObject({
    event: z.string().min(1).max(100),
    at_least: z.int().min(1).max(10_000).default(1),
    within_days: days.optional(),
  }),
  z.strictObject({ segment_id: z.uuid(), member: z.boolean().default(true) }),
  z.strictObject({ last_seen_within_days: days }),
])
/** Rules of which all must hold, or any. */
export const flatRulesSchema = z.array(flatRuleSchema).min(1).max(50)
type FlatRule = z.output<typeof flatRuleSchema>

export function rulesToCondition(rules: FlatRule[], match: 'all' | 'any'): Condition {
  const conditions = rules.map(toLeaf)
  return conditionSchema.parse({ kind: match === 'all' ? 'and' : 'or', conditions })
}

function toLeaf(rule: FlatRule): object {
  if ('attribute' in rule) {
    const { attribute, operator, value } = rule
    return { kind: 'compare', path: `contact.${attribute}`, operator, ...(value !== undefined && { value }) }
  }
  if ('tag' in rule) return { kind: 'tag', ...rule }
  if ('event' in rule) {
    const { event, at_least: times, within_days: amount } = rule
    const window = amount === undefined ? {} : { window: { last: { amount, unit: 'days' } } }
    return { kind: 'event', event, count: { operator: 'at-least', times }, ...window }
  }
  if ('segment_id' in rule) return { kind: 'segment', segmentId: rule.segment_id, member: rule.member }
  const period = { amount: rule.last_seen_within_days, unit: 'days' }
  return { kind: 'last-seen', operator: 'within', period }
}
