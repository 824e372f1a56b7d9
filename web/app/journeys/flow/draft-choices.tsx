import { useMemo, type ReactNode } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { VariableChoices } from '../../conditions/variable-choices.ts'
import { CardChoices } from '../../forms/card-choices.ts'
import { inFlowOrder, variablesOf } from './edit-draft.ts'

interface Props {
  draft: JsonObject
  /** By the names that people know them by; by their ids when absent. */
  cards?: { value: string; label: string }[]
  children: ReactNode
}

/** What forms about a draft let one choose from: its cards and its variables. */
export function DraftChoices({ draft, cards, children }: Props) {
  const ids = useMemo(() => inFlowOrder(draft).map((value) => ({ value, label: value })), [draft])
  const variables = useMemo(() => variablesOf(draft), [draft])
  return (
    <CardChoices value={cards ?? ids}>
      <VariableChoices value={variables}>{children}</VariableChoices>
    </CardChoices>
  )
}
