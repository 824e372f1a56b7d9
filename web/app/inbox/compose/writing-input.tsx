import { Textarea } from '@mantine/core'
import { useId, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react'
import { SuggestionList } from './suggestion-list.tsx'
import { findAsked, suggest, type Suggestion } from './suggestions.ts'

interface Props {
  inputRef: RefObject<HTMLTextAreaElement | null>
  label: string
  placeholder: string
  sign: '/' | '@'
  suggestions: Suggestion[]
  value: string
  disabled: boolean
  onChange(value: string): void
  onSend(): void
  onFiles(files: File[]): void
}

/** Where one writes. Enter sends, Shift and Enter begin a line; what begins with a sign is completed. */
export function WritingInput(props: Props) {
  const { inputRef, label, placeholder, sign, value, disabled, onChange, onFiles } = props
  const listId = useId()
  const { shown, at, choose, look, onKeyDown } = useCompletion(props)
  const isOpen = shown.length > 0
  return (
    <div className="inbox-writing">
      <SuggestionList
        id={listId}
        label={sign === '/' ? 'Saved responses' : 'People'}
        suggestions={shown}
        at={at}
        onChoose={choose}
      />
      <Textarea
        aria-label={label}
        placeholder={placeholder}
        ref={inputRef}
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={8}
        value={value}
        disabled={disabled}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${at}` : undefined}
        aria-autocomplete="list"
        onChange={(event) => {
          onChange(event.currentTarget.value)
          look(event.currentTarget.selectionStart, true)
        }}
        onSelect={(event) => look(event.currentTarget.selectionStart, false)}
        onKeyDown={onKeyDown}
        onPaste={(event) => takeFiles(event, onFiles)}
      />
    </div>
  )
}

/** What may stand in the place of the word under the cursor, and which keys choose it. */
function useCompletion({ inputRef, sign, suggestions, value, onChange, onSend }: Props) {
  const [caret, setCaret] = useState(0)
  const [chosenAt, setAt] = useState(0)
  const [isHidden, setHidden] = useState(false)
  const asked = isHidden ? undefined : findAsked(value, caret, sign)
  const shown = asked ? suggest(suggestions, asked.words) : []
  const at = Math.min(chosenAt, shown.length - 1)
  const look = (position: number, isTyped: boolean) => {
    setCaret(position)
    if (!isTyped) return
    setAt(0)
    setHidden(false)
  }
  const choose = ({ text }: Suggestion) => {
    if (!asked) return
    onChange(value.slice(0, asked.from) + text + value.slice(asked.to))
    const end = asked.from + text.length
    setCaret(end)
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(end, end))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const isPlainEnter = event.key === 'Enter' && !event.shiftKey && !event.altKey
    const chosen = shown[at]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (chosen && step) setAt((at + step + shown.length) % shown.length)
    else if (chosen && (event.key === 'Tab' || isPlainEnter)) choose(chosen)
    else if (chosen && event.key === 'Escape') setHidden(true)
    else if (isPlainEnter) onSend()
    else if (event.key === 'Escape') inputRef.current?.blur()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return { shown, at, choose, look, onKeyDown }
}

/** A picture that was copied is a file; a text is none. */
function takeFiles(event: ClipboardEvent, onFiles: (files: File[]) => void): void {
  const files = [...event.clipboardData.files]
  if (files.length === 0) return
  event.preventDefault()
  onFiles(files)
}
