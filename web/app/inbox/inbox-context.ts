import { createContext, useContext } from 'react'
import type { Place } from './use-place.ts'

export interface Inbox {
  /** The id of who is signed in. */
  me: string
  place: Place
  /** Opens a dialog about the conversation that is shown. */
  ask(dialog: ChatDialog): void
}
/** The last of them is about none that is there yet. */
export type ChatDialog = 'assign' | 'snooze' | 'label' | 'new'

const InboxContext = createContext<Inbox | undefined>(undefined)
export const InboxProvider = InboxContext.Provider

export function useInbox(): Inbox {
  const inbox = useContext(InboxContext)
  if (!inbox) throw new Error('this part stands outside of the inbox')
  return inbox
}
