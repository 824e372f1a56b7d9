import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState, type RefObject } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { useInbox } from '../inbox-context.ts'

/** The list follows what is typed, a moment later. */
export function ListSearch({ inputRef }: { inputRef: RefObject<HTMLInputElement | null> }) {
  const { place } = useInbox()
  const [typed, setTyped] = useState(place.filter.search)
  const search = useDebouncedCallback((words: string) => place.setFilter({ search: words.trim() }), 250)
  return (
    <TextInput
      ref={inputRef}
      aria-label="Search conversations"
      placeholder="Search names, numbers, messages"
      type="search"
      size="sm"
      leftSection={<Icon name="search" size={16} />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  )
}
