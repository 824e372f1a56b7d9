import { ActionIcon, Popover, ScrollArea, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { emojis } from './emoji.ts'

/** A sign to put where one writes. */
export function EmojiPicker({ onChoose }: { onChoose(sign: string): void }) {
  const [isOpen, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const words = search.trim().toLowerCase()
  const choose = (sign: string) => {
    onChoose(sign)
    setOpen(false)
    setSearch('')
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-start" width={292} shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Emoji" onClick={() => setOpen(!isOpen)}>
          <Icon name="smile" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <TextInput
          size="xs"
          mb={6}
          data-autofocus
          aria-label="Find an emoji"
          placeholder="Find"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <ScrollArea h={190} type="auto">
          <div className="inbox-emojis">
            {emojis
              .filter((emoji) => emoji.words.includes(words))
              .map(({ sign, words: name }) => (
                <UnstyledButton key={sign} aria-label={name} title={name} onClick={() => choose(sign)}>
                  {sign}
                </UnstyledButton>
              ))}
          </div>
        </ScrollArea>
      </Popover.Dropdown>
    </Popover>
  )
}
