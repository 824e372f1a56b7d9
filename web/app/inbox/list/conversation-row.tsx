import { Avatar, Badge, Checkbox, Group, Text } from '@mantine/core'
import { memo } from 'react'
import { Link } from 'react-router'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Ticks } from '../chat/ticks.tsx'
import { chatName, priorityWords, sayAssignee, saySince, sayShort } from '../inbox-words.ts'
import { Icon } from '../../ui/icon.tsx'
import { labelColor } from '../label-color.ts'

interface Props {
  conversation: Conversation
  address: string
  isShown: boolean
  isChosen: boolean
  nowMs: number
  /** With Shift, all from the one that was chosen last. */
  onChoose(id: string, isRange: boolean): void
}

/** One conversation of the list. */
export const ConversationRow = memo(function Row({ conversation, address, nowMs, ...props }: Props) {
  const { isShown, isChosen, onChoose } = props
  const { id, isUnread, unread, activeAt, assignee } = conversation
  const name = chatName(conversation)
  return (
    <li className="inbox-row" data-shown={isShown || undefined} data-unread={isUnread || undefined}>
      <span className="inbox-row-who">
        <Avatar name={name} color="initials" size={38} radius="xl" alt="" aria-hidden />
        <Checkbox
          className="inbox-row-choose"
          aria-label={`Choose ${name}`}
          checked={isChosen}
          data-chosen={isChosen || undefined}
          onChange={(event) =>
            onChoose(id, event.nativeEvent instanceof PointerEvent && event.nativeEvent.shiftKey)
          }
        />
      </span>
      <Link
        to={address}
        className="inbox-row-link"
        aria-current={isShown ? 'true' : undefined}
        data-chat={id}
      >
        <Group justify="space-between" gap={6} wrap="nowrap">
          <Text size="sm" fw={isUnread ? 700 : 500} truncate>
            {name}
          </Text>
          <Text size="xs" c={isUnread ? 'teal' : 'dimmed'} style={{ flex: 'none' }}>
            {activeAt && sayShort(activeAt)}
          </Text>
        </Group>
        <Group justify="space-between" gap={6} wrap="nowrap">
          <LastLine conversation={conversation} />
          {isUnread && (
            <Badge size="sm" circle={unread < 10} color="teal" aria-label={`${unread} unread`}>
              {unread >= 100 ? '99+' : unread || '•'}
            </Badge>
          )}
        </Group>
        <Chips conversation={conversation} nowMs={nowMs} />
      </Link>
      {assignee.user && (
        <Avatar
          className="inbox-row-assignee"
          name={assignee.user.name}
          color="initials"
          size={20}
          radius="xl"
          title={`${sayAssignee(assignee)} has it`}
          alt={`${sayAssignee(assignee)} has it`}
        />
      )}
    </li>
  )
})

function LastLine({ conversation: { lastMessage, isUnread } }: { conversation: Conversation }) {
  if (!lastMessage)
    return (
      <Text size="sm" c="dimmed" fs="italic">
        Nothing was said yet
      </Text>
    )
  const { direction, state, status, text, type } = lastMessage
  return (
    <Text size="sm" c={isUnread ? undefined : 'dimmed'} truncate fw={isUnread ? 500 : 400}>
      {direction === 'out' && state !== null && (
        <>
          <Ticks of={{ state: state as 'accepted', status }} />{' '}
        </>
      )}
      {text || `[${type}]`}
    </Text>
  )
}

/** A customer who waits so long is on a chip that warns. */
const longWaitMs = 60 * 60_000

function Chips({ conversation, nowMs }: { conversation: Conversation; nowMs: number }) {
  const { waitingSince, labels, priority, snoozedUntil, status, assignee } = conversation
  const isLong = waitingSince !== null && nowMs - Date.parse(waitingSince) > longWaitMs
  return (
    <div className="inbox-chips">
      {waitingSince && nowMs - Date.parse(waitingSince) > 60_000 && (
        <Badge size="xs" variant="light" color={isLong ? 'red' : 'orange'}>
          waits {saySince(waitingSince, nowMs)}
        </Badge>
      )}
      {priority > 2 && (
        <Badge size="xs" variant="light" color={priority > 3 ? 'red' : 'orange'}>
          {priorityWords[priority]}
        </Badge>
      )}
      {status === 'closed' && (
        <Badge size="xs" variant="light" color="gray">
          closed
        </Badge>
      )}
      {status === 'pending' && (
        <Badge size="xs" variant="light" color="yellow">
          pending
        </Badge>
      )}
      {status === 'snoozed' && (
        <Badge size="xs" variant="light" color="blue" leftSection={<Icon name="clock" size={10} />}>
          {snoozedUntil ? sayShort(snoozedUntil) : 'until a reply'}
        </Badge>
      )}
      {!assignee.user && assignee.group && (
        <Badge size="xs" variant="outline" color="gray">
          {assignee.group.name}
        </Badge>
      )}
      {labels.slice(0, 3).map(({ name, color }) => (
        <Badge key={name} size="xs" variant="dot" color={labelColor(name, color)}>
          {name}
        </Badge>
      ))}
      {labels.length > 3 && (
        <Badge size="xs" variant="transparent" color="gray">
          +{labels.length - 3}
        </Badge>
      )}
    </div>
  )
}
