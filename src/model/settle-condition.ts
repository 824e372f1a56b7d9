import type { Leaf } from './condition-schema.ts'
import type { Condition, EventCondition } from './conditions.ts'

type Part = Leaf | EventCondition

/** A condition with some of its parts decided already: `and` of nothing holds, `or` of nothing does not. */
export function settleCondition(condition: Condition, verdicts: ReadonlyMap<Part, boolean>): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const conditions = condition.conditions.map((child) => settleCondition(child, verdicts))
      return { kind: condition.kind, conditions }
    }
    case 'not':
      return { kind: 'not', condition: settleCondition(condition.condition, verdicts) }
    default: {
      const verdict = verdicts.get(condition)
      return verdict === undefined ? condition : { kind: verdict ? 'and' : 'or', conditions: [] }
    }
  }
}
