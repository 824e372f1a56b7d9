import { Text } from '@mantine/core'
import type { Suggestion } from './suggestions.ts'

interface Props {
  id: string
  label: string
  suggestions: Suggestion[]
  at: number
  onChoose(suggestion: Suggestion): void
}

export function SuggestionList({ id, label, suggestions, at, onChoose }: Props) {
  if (suggestions.length === 0) return null
  return (
    <div className="inbox-suggestions" role="listbox" id={id} aria-label={label}>
      {suggestions.map((suggestion, place) => (
        <div
          key={suggestion.id}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === at}
          className="inbox-suggestion"
          // The input keeps the focus.
          onMouseDown={(event) => {
            event.preventDefault()
            onChoose(suggestion)
          }}
        >
          <Text size="sm" fw={600} span>
            {suggestion.title}
          </Text>
          <Text size="sm" c="dimmed" truncate span>
            {suggestion.detail}
          </Text>
        </div>
      ))}
    </div>
  )
}
