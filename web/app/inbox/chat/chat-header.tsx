import { ActionIcon, Avatar, Badge, Button, Group, Text, Tooltip } from '@mantine/core'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { useInbox } from '../inbox-context.ts'
import { chatName, sayAssignee, statusWords } from '../inbox-words.ts'
import { labelColor } from '../label-color.ts'
import { useDeed } from '../use-deeds.ts'
import { ChatMenu } from './chat-menu.tsx'

interface Props {
  conversation: Conversation
  isSideShown: boolean
  onSide(): void
}

/** Whom one talks with, how the conversation stands, and what is done about it. */
export function ChatHeader({ conversation, isSideShown, onSide }: Props) {
  const { place } = useInbox()
  return (
    <header className="inbox-chat-header">
      <ActionIcon
        className="inbox-back"
        variant="subtle"
        color="gray"
        aria-label="Back to the list"
        onClick={() => place.open(null)}
      >
        <Icon name="back" />
      </ActionIcon>
      <Who conversation={conversation} />
      <Group gap={4} wrap="nowrap">
        <AssignButton conversation={conversation} />
        <CloseButton conversation={conversation} />
        <ChatMenu conversation={conversation} />
        <Tooltip label={isSideShown ? 'Hide the customer' : 'Show the customer'}>
          <ActionIcon
            variant={isSideShown ? 'light' : 'subtle'}
            color="gray"
            aria-label="Customer"
            aria-pressed={isSideShown}
            onClick={onSide}
          >
            <Icon name="info" />
          </ActionIcon>
        </Tooltip>
      </Group>
    </header>
  )
}

function Who({ conversation }: Pick<Props, 'conversation'>) {
  const { labels, number, contactPhone } = conversation
  const name = chatName(conversation)
  return (
    <Group gap="xs" wrap="nowrap" style={{ minWidth: 0, flex: 1 }}>
      <Avatar name={name} color="initials" size={34} radius="xl" alt="" className="inbox-wide" />
      <div style={{ minWidth: 0 }}>
        <Group gap={6} wrap="nowrap">
          <Text component="h2" fw={600} size="sm" truncate>
            {name}
          </Text>
          <StatusBadge conversation={conversation} />
        </Group>
        <Group gap={6} wrap="nowrap">
          <Text size="xs" c="dimmed" truncate>
            {contactPhone && contactPhone !== name ? `${contactPhone} · ` : ''}to {number.displayNumber}
          </Text>
          {labels.slice(0, 2).map(({ name: label, color }) => (
            <Badge
              key={label}
              size="xs"
              variant="dot"
              color={labelColor(label, color)}
              className="inbox-wide"
            >
              {label}
            </Badge>
          ))}
        </Group>
      </div>
    </Group>
  )
}

function AssignButton({ conversation: { assignee } }: Pick<Props, 'conversation'>) {
  const { ask } = useInbox()
  const isHeld = assignee.user !== null || assignee.group !== null
  return (
    <Tooltip label={`${sayAssignee(assignee)} has it`}>
      <Button
        size="compact-sm"
        variant="default"
        className="inbox-wide"
        maw={150}
        leftSection={<Icon name={assignee.user || !isHeld ? 'user' : 'contacts'} size={14} />}
        onClick={() => ask('assign')}
      >
        <Text size="sm" truncate>
          {isHeld ? sayAssignee(assignee) : 'Assign'}
        </Text>
      </Button>
    </Tooltip>
  )
}

function StatusBadge({ conversation: { status, spam } }: { conversation: Conversation }) {
  const { title, color } = statusWords[status]
  return (
    <>
      <Badge size="xs" variant="light" color={color}>
        {title}
      </Badge>
      {spam && (
        <Badge size="xs" variant="light" color="red">
          spam
        </Badge>
      )}
    </>
  )
}

function CloseButton({ conversation: { id, status } }: { conversation: Conversation }) {
  const deed = useDeed()
  const isClosed = status === 'closed'
  return (
    <Button
      size="compact-sm"
      variant={isClosed ? 'default' : 'light'}
      loading={deed.isPending}
      leftSection={<Icon name={isClosed ? 'back' : 'check'} size={14} />}
      onClick={() =>
        deed.mutate({ ids: [id], deed: { type: 'status', status: isClosed ? 'open' : 'closed' } })
      }
    >
      {isClosed ? 'Reopen' : 'Close'}
    </Button>
  )
}
