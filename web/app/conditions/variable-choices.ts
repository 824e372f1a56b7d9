import { createContext } from 'react'

/** The variables of the journey that is being edited; absent where no journey is, and conditions know contacts only. */
export const VariableChoices = createContext<string[] | undefined>(undefined)
