import { ActionIcon, Menu } from '@mantine/core'
import { api } from '../../api/client.ts'
import type { ChatStatus, Conversation } from '../../api/inbox-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { useInbox } from '../inbox-context.ts'
import { priorityWords } from '../inbox-words.ts'
import { useDeed, type Deed } from '../use-deeds.ts'

/** What is done seldom. */
export function ChatMenu({ conversation }: { conversation: Conversation }) {
  const deed = useDeed()
  const { id, spam } = conversation
  const act = (chosen: Deed) => deed.mutate({ ids: [id], deed: chosen })
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="More to do with this conversation">
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah="80vh" style={{ overflowY: 'auto' }}>
        <StandingItems conversation={conversation} act={act} />
        <Menu.Divider />
        <Menu.Label>Journeys</Menu.Label>
        <Menu.Item onClick={() => act({ type: 'take-over' })}>Take the chat over</Menu.Item>
        <Menu.Item onClick={() => act({ type: 'hand-back' })}>Hand it back to the journeys</Menu.Item>
        <Menu.Divider />
        <ExportItems id={id} />
        <Menu.Divider />
        <Menu.Item color="red" onClick={() => act({ type: 'spam', spam: !spam })}>
          {spam ? 'Not spam' : 'Mark as spam'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

interface ItemsProps {
  conversation: Conversation
  act(deed: Deed): void
}

function StandingItems({ conversation: { status, priority }, act }: ItemsProps) {
  const { ask } = useInbox()
  return (
    <>
      <Menu.Item leftSection={<Icon name="user" size={14} />} onClick={() => ask('assign')}>
        Assign …
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="tag" size={14} />} onClick={() => ask('label')}>
        Labels …
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="clock" size={14} />} onClick={() => ask('snooze')}>
        Snooze …
      </Menu.Item>
      {changes[status]?.map(({ words, to }) => (
        <Menu.Item key={to} onClick={() => act({ type: 'status', status: to })}>
          {words}
        </Menu.Item>
      ))}
      <Menu.Item onClick={() => act({ type: 'unread' })}>Mark as unread</Menu.Item>
      <Menu.Divider />
      <Menu.Label>Priority</Menu.Label>
      {priorityWords.map((words, value) => (
        <Menu.Item
          key={words}
          rightSection={priority === value && <Icon name="check" size={14} />}
          onClick={() => act({ type: 'priority', priority: value })}
        >
          {words}
        </Menu.Item>
      ))}
    </>
  )
}

/** What a status may become by the menu; closing has a button of its own. */
const changes: Partial<Record<ChatStatus, { words: string; to: ChatStatus }[]>> = {
  open: [{ words: 'Set to pending', to: 'pending' }],
  pending: [{ words: 'Set to open', to: 'open' }],
  snoozed: [{ words: 'Wake it', to: 'open' }],
}

function ExportItems({ id }: { id: string }) {
  return (
    <>
      <Menu.Label>Download</Menu.Label>
      {(['html', 'csv', 'json'] as const).map((format) => (
        <Menu.Item
          key={format}
          component="a"
          href={api.address(`/conversations/${id}/export?format=${format}`)}
          target={format === 'html' ? '_blank' : undefined}
          rel="noreferrer"
        >
          {format === 'html' ? 'To print' : format.toUpperCase()}
        </Menu.Item>
      ))}
    </>
  )
}
