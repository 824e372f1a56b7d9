import { createContext, useContext } from 'react'

/** The cards of the journey that is being edited, for settings that name one. */
export const CardChoices = createContext<{ value: string; label: string }[]>([])

export function useCardChoices() {
  return useContext(CardChoices)
}
