import { createContext, useContext } from 'react'
import type { ProblemAt } from '../../forms/field-props.ts'

/** What the fields of a message ask of the screen that they stand in. */
export interface MessageForm {
  problemAt: ProblemAt
  /** What a text may name, by where it comes from. */
  places: { title: string; items: { label: string; text: string }[] }[]
  /** Places of buttons whose link's ending is made for each message. */
  counted: ReadonlySet<string>
}

const MessageFormContext = createContext<MessageForm | undefined>(undefined)
export const MessageFormProvider = MessageFormContext.Provider

export function useMessageForm(): MessageForm {
  const form = useContext(MessageFormContext)
  if (!form) throw new Error('this part stands outside of a message')
  return form
}
