import { ActionIcon, Menu, Textarea } from '@mantine/core'
import { useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { useMessageForm } from './message-form.ts'

interface Props {
  label: string
  description?: string | undefined
  value: string
  onChange(value: string): void
  path: string
  required?: boolean
}

/** A text that may name what is known of each contact: a menu puts the names in where the cursor stands. */
export function PlaceholderInput({ label, description, value, onChange, path, required = true }: Props) {
  const { problemAt } = useMessageForm()
  const input = useRef<HTMLTextAreaElement>(null)
  const insert = (text: string) => {
    const { selectionStart = value.length, selectionEnd = value.length } = input.current ?? {}
    onChange(value.slice(0, selectionStart) + text + value.slice(selectionEnd))
    input.current?.focus()
  }
  return (
    <Textarea
      ref={input}
      label={label}
      description={description}
      required={required}
      autosize
      maxRows={6}
      value={value}
      error={problemAt(path)}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={<InsertMenu label={label} onInsert={insert} />}
    />
  )
}

function InsertMenu({ label, onInsert }: { label: string; onInsert(text: string): void }) {
  const { places } = useMessageForm()
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={`Put in what is known of the contact: ${label}`}>
          <Icon name="plus" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        {places.map(({ title, items }) => (
          <div key={title}>
            <Menu.Label>{title}</Menu.Label>
            {items.map((item) => (
              <Menu.Item key={item.text} onClick={() => onInsert(item.text)}>
                {item.label}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
