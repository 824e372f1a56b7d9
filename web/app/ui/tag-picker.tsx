import { TagsInput } from '@mantine/core'
import { useState } from 'react'
import { useTags } from '../api/vocabulary.ts'

interface Props {
  /** Shown above, or with `isLabelHidden` read out only. */
  label: string
  isLabelHidden?: boolean
  value: string[]
  onChange(tags: string[]): void
  error?: string | undefined
  disabled?: boolean
  autoFocused?: boolean
}

/** Tags that are there, or new ones. It suggests while somebody types, and else covers nothing below it. */
export function TagPicker({ label, isLabelHidden, autoFocused, ...props }: Props) {
  const [search, setSearch] = useState('')
  return (
    <TagsInput
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      {...props}
      placeholder="Type a tag and press Enter"
      data={useTags()}
      searchValue={search}
      onSearchChange={setSearch}
      dropdownOpened={search !== ''}
      data-autofocus={autoFocused || undefined}
    />
  )
}
