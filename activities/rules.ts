import type { Deps } from '../src/deps.ts'
import { askRuleEngine } from '../src/rules/ask-engine.ts'
import { drainQueue } from '../src/rules/drain-queue.ts'
import { ruleByDefault } from '../src/rules/rule-by-default.ts'

export function createRuleActivities(deps: Deps) {
  return {
    askRuleEngine: (input: Parameters<typeof askRuleEngine>[1]) => askRuleEngine(deps, input),
    drainQueue: (input: Parameters<typeof drainQueue>[1]) => drainQueue(deps, input),
    ruleByDefault: (input: Parameters<typeof ruleByDefault>[1]) => ruleByDefault(deps, input),
  }
}
