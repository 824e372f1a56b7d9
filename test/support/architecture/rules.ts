import {
  anyRule,
  defaultExportRule,
  environmentRule,
  fetchRule,
  noEntityManagerRule,
  pureRule,
} from './code-rules.ts'
import { importRule, pureParserRule, undiciRule } from './import-rules.ts'
import { barrelRule, fileNameRule } from './naming-rules.ts'
import { cardRegistryRule, historyRule, integrationRegistryRule } from './registry-rules.ts'
import type { Rule } from './rule.ts'
import { activitySizeRule, fileSizeRule, functionSizeRule } from './size-rules.ts'
import { workflowStateRule } from './workflow-state-rule.ts'

/** Every law of the house; `recordedTypes` are the workflow types of which a history is saved. */
export function rules(recordedTypes: string[]): Rule[] {
  return [
    importRule,
    pureParserRule,
    undiciRule,
    environmentRule,
    fetchRule,
    anyRule,
    defaultExportRule,
    pureRule,
    noEntityManagerRule,
    workflowStateRule,
    fileSizeRule,
    functionSizeRule,
    activitySizeRule,
    fileNameRule,
    barrelRule,
    cardRegistryRule,
    integrationRegistryRule,
    historyRule(recordedTypes),
  ]
}
