import { Button, Group, Menu, Text } from '@mantine/core'
import { useState } from 'react'
import { AssignDialog } from '../dialogs/assign-dialog.tsx'
import { LabelDialog } from '../dialogs/label-dialog.tsx'
import { SnoozeDialog } from '../dialogs/snooze-dialog.tsx'
import { useDeed, type Deed } from '../use-deeds.ts'

interface Props {
  ids: string[]
  onDone(): void
}

const others: { words: string; deed: Deed }[] = [
  { words: 'Reopen', deed: { type: 'status', status: 'open' } },
  { words: 'Set to pending', deed: { type: 'status', status: 'pending' } },
  { words: 'Mark as read', deed: { type: 'read' } },
  { words: 'Mark as unread', deed: { type: 'unread' } },
  { words: 'Mark as spam', deed: { type: 'spam', spam: true } },
  { words: 'Not spam', deed: { type: 'spam', spam: false } },
]

/** What is done to all that are chosen. */
export function BulkActions({ ids, onDone }: Props) {
  const [dialog, setDialog] = useState<'assign' | 'snooze' | 'label'>()
  const deed = useDeed()
  const close = () => setDialog(undefined)
  const act = (chosen: Deed) => deed.mutate({ ids, deed: chosen }, { onSuccess: onDone })
  return (
    <Group gap={6} p="xs" className="inbox-bulk" role="toolbar" aria-label="For those chosen">
      <Text size="sm" fw={600}>
        {ids.length} chosen
      </Text>
      <Button
        size="compact-sm"
        variant="light"
        loading={deed.isPending}
        onClick={() => act({ type: 'status', status: 'closed' })}
      >
        Close
      </Button>
      <Button size="compact-sm" variant="light" onClick={() => setDialog('assign')}>
        Assign
      </Button>
      <Button size="compact-sm" variant="light" onClick={() => setDialog('label')}>
        Label
      </Button>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-sm" variant="light">
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('snooze')}>Snooze …</Menu.Item>
          {others.map(({ words, deed: chosen }) => (
            <Menu.Item key={words} onClick={() => act(chosen)}>
              {words}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onDone}>
        Choose none
      </Button>
      {dialog === 'assign' && <AssignDialog ids={ids} onClose={close} onDone={onDone} />}
      {dialog === 'snooze' && <SnoozeDialog ids={ids} onClose={close} onDone={onDone} />}
      {dialog === 'label' && <LabelDialog ids={ids} labels={[]} onClose={close} onDone={onDone} />}
    </Group>
  )
}
