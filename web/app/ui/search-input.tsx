import { TextInput } from '@mantine/core'
import { Icon } from './icon.tsx'

interface Props {
  label: string
  placeholder: string
  value: string
  onChange(value: string): void
}

/** Where one searches a list. */
export function SearchInput({ label, placeholder, value, onChange }: Props) {
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      type="search"
      leftSection={<Icon name="search" size={16} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      style={{ flex: '1 1 14rem' }}
    />
  )
}
