import { createContext, useContext } from 'react'
import type { Campaign, CampaignCheck, Draft } from '../../api/campaign-shapes.ts'
import type { ProblemAt } from '../../forms/field-props.ts'

export interface Composer {
  campaign: Campaign
  draft: Draft
  change(part: Partial<Draft>): void
  /** Of steps that were looked at before: an empty form is not red from the start. */
  problemAt: ProblemAt
  check: CampaignCheck | undefined
  checkError: unknown
  isSaved: boolean
  /** Whether the check is of the draft as it stands. */
  isChecked: boolean
}

const ComposerContext = createContext<Composer | undefined>(undefined)
export const ComposerProvider = ComposerContext.Provider

export function useComposer(): Composer {
  const composer = useContext(ComposerContext)
  if (!composer) throw new Error('this part stands outside of a composer')
  return composer
}
