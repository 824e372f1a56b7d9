import { ActionIcon, Menu, Textarea } from '@mantine/core'
import { useRef } from 'react'
import { useAttributes } from '../../api/vocabulary.ts'
import { Icon } from '../../ui/icon.tsx'
import { useComposer } from '../composer/composer-context.ts'
import { useVariableGroups } from '../composer/use-variable-groups.ts'

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
  const { problemAt } = useComposer()
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
  const places = usePlaces()
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

/** What a message may name, by where it comes from. */
function usePlaces() {
  const { campaign, draft } = useComposer()
  const attributes = useAttributes()
  const groups = useVariableGroups().data ?? []
  const included = new Set(
    draft.audience.include.flatMap((part) => (part.kind === 'group' ? [part.groupId] : [])),
  )
  const places = [
    {
      title: 'Values of your own, or of the API call',
      items: Object.keys(draft.given ?? {}).map((name) => ({ label: name, text: `{{given.${name}}}` })),
    },
    // The lists that it goes to first.
    ...groups
      .toSorted((a, b) => Number(included.has(b.id)) - Number(included.has(a.id)))
      .map(({ ref, name, fields }) => ({
        title: `List ${name}`,
        items: fields.map((field) => ({
          label: field,
          text: `{{groups.${variableKey(ref)}.${variableKey(field)}}}`,
        })),
      })),
    {
      title: 'The contact',
      items: attributes.map(({ name, label }) => ({ label, text: `{{contact.${name}}}` })),
    },
  ]
  const isEvent = campaign.kind === 'triggered' || campaign.kind === 'drip'
  const event = { title: 'The event', items: [{ label: 'A field of the event', text: '{{event.name}}' }] }
  return [...(isEvent ? [event] : []), ...places].filter(({ items }) => items.length > 0)
}

/** As the names of groups and their columns are written within `{{…}}`. */
function variableKey(name: string): string {
  return [...name.trim()]
    .map((sign) => {
      if (/[A-Za-z0-9_-]/.test(sign)) return sign
      return /\s/.test(sign) ? '_' : `x${sign.codePointAt(0)?.toString(16) ?? ''}`
    })
    .join('')
}
