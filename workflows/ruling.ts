import { setCurrentDetails } from '@temporalio/workflow'
import { act } from './act.ts'
import { askEngine } from './ask-engine.ts'
import type { RulingInput } from './contract.ts'

/** Tells the rule engine of one tagging, or of one message that a user wrote; without an answer the default rules decide. */
export async function ruling(input: RulingInput): Promise<{ outcome: string }> {
  setCurrentDetails(
    `Asking the rule engine about ${input.occasion.kind === 'tagged' ? 'a tagging' : 'a message'}`,
  )
  if ((await askEngine(input)) === 'answered') return { outcome: 'the rule engine answered' }
  await act.ruleByDefault(input)
  return { outcome: 'the default rules decided' }
}
