import { usePeople } from '../use-people.ts'
import type { Suggestion } from './suggestions.ts'
import { useFillIn } from './use-placeholders.ts'
import { useSavedResponses } from './use-saved-responses.ts'

/** Saved responses for the customer, colleagues for a note. */
export function useSuggestions(mode: 'reply' | 'note', contactId: string): Suggestion[] {
  const responses = useSavedResponses()
  const people = usePeople()
  const fillIn = useFillIn(contactId)
  if (mode === 'note')
    return people.map(({ id, username, name }) => ({
      ...{ id, title: name, detail: name === username ? '' : username, text: `@${username} ` },
    }))
  return responses.map(({ id, shortcut, text }) => ({
    ...{ id, title: shortcut ?? text.slice(0, 30), detail: text, text: fillIn(text) },
  }))
}
