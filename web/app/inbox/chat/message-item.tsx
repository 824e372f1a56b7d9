import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import { Link } from 'react-router'
import type { Message } from '../../api/inbox-shapes.ts'
import { Icon } from '../../ui/icon.tsx'
import { sayTime } from '../../ui/words.ts'
import { sayClock } from '../inbox-words.ts'
import { MessageBody } from './content/message-body.tsx'
import { EmojiRow } from './emoji-row.tsx'
import { sayFailure } from './failure-words.ts'
import { Ticks } from './ticks.tsx'

export interface MessageDeeds {
  reply(message: Message): void
  react(message: Message, emoji: string | null): void
  retry(message: Message): void
  pointAt(messageId: string): void
  copyLink(message: Message): void
  label(message: Message): void
}
interface Props {
  message: Message
  isPointedAt: boolean
  mayWrite: boolean
  deeds: MessageDeeds
}

/** A bubble, with what it answers and what became of it. */
export const MessageItem = memo(function Item({ message, isPointedAt, mayWrite, deeds }: Props) {
  const { id, direction, ledger, contextWamid, quoted, reactions } = message
  const isFailed = ledger !== null && (ledger.state === 'failed' || ledger.status === 'failed')
  return (
    <Bubble
      id={id}
      direction={direction}
      isPointedAt={isPointedAt}
      beside={<MessageMenu message={message} mayWrite={mayWrite} deeds={deeds} />}
      below={
        isFailed && <Failed message={message} onRetry={() => deeds.retry(message)} mayWrite={mayWrite} />
      }
    >
      {(quoted ?? contextWamid) && <Quote of={quoted} onOpen={deeds.pointAt} />}
      <MessageBody message={message} />
      <Meta message={message} />
      <Reactions reactions={reactions} />
    </Bubble>
  )
})

interface BubbleProps {
  id: string
  direction: 'in' | 'out'
  isPointedAt?: boolean
  beside?: ReactNode
  below?: ReactNode
  children: ReactNode
}

export function Bubble({ id, direction, isPointedAt, beside, below, children }: BubbleProps) {
  return (
    <div
      className="inbox-message"
      id={`message-${id}`}
      data-direction={direction}
      data-pointed={isPointedAt || undefined}
    >
      <div className="inbox-message-line">
        <div className="inbox-bubble">
          <span className="app-unseen">{direction === 'in' ? 'Customer: ' : 'We: '}</span>
          {children}
        </div>
        {beside}
      </div>
      {below}
    </div>
  )
}

function Meta({
  message: { createdAt, sentByCustomerAt, ledger, editedAt, runId, sender },
}: {
  message: Message
}) {
  const at = sentByCustomerAt ?? createdAt
  return (
    <span className="inbox-meta">
      {editedAt && 'edited · '}
      {sayingSender(sender)}
      {runId && (
        <Link to={`/runs/${runId}`} className="app-link" title="Look at the journey's run">
          {sender.name ?? 'journey'} ·{' '}
        </Link>
      )}
      <time dateTime={at} title={sayTime(at)}>
        {sayClock(at)}
      </time>
      {ledger && (
        <>
          {' '}
          <Ticks of={ledger} />
        </>
      )}
    </span>
  )
}

/** Which of us wrote it; a run has a link instead. */
function sayingSender({ kind, name }: Message['sender']): string {
  if (kind === 'customer' || kind === 'journey') return ''
  const words = { user: name, campaign: name ?? 'campaign', phone: 'on the phone', api: name ?? 'API' }[kind]
  return words ? `${words} · ` : ''
}

function Quote({ of, onOpen }: { of: Message['quoted']; onOpen(id: string): void }) {
  if (!of) return <div className="inbox-quote">An earlier message</div>
  return (
    <button type="button" className="inbox-quote" onClick={() => onOpen(of.id)}>
      <strong>{of.direction === 'in' ? 'Customer' : 'We'}</strong>
      <span>{of.deletedAt ? 'A deleted message' : of.text || `[${of.type}]`}</span>
    </button>
  )
}

function Reactions({ reactions }: { reactions: Message['reactions'] }) {
  if (reactions.length === 0) return null
  return (
    <span className="inbox-reactions">
      {reactions.map(({ emoji, direction }) => (
        <span
          key={direction}
          role="img"
          aria-label={`${direction === 'in' ? 'The customer' : 'We'} reacted with ${emoji}`}
        >
          {emoji}
        </span>
      ))}
    </span>
  )
}

interface FailedProps {
  message: Message
  mayWrite: boolean
  onRetry(): void
}

function Failed({ message: { ledger }, mayWrite, onRetry }: FailedProps) {
  if (!ledger) return null
  return (
    <Group gap={6} className="inbox-failed" role="alert">
      <Text size="xs" c="red">
        Not delivered: {sayFailure(ledger)}.
      </Text>
      {mayWrite && (
        <Button size="compact-xs" variant="light" color="red" onClick={onRetry}>
          Retry
        </Button>
      )}
    </Group>
  )
}

function MessageMenu({ message, mayWrite, deeds }: Pick<Props, 'message' | 'mayWrite' | 'deeds'>) {
  const mine = message.reactions.find(({ direction }) => direction === 'out')?.emoji
  const isThere = message.wamid !== null && !message.deletedAt
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon
          className="inbox-message-menu"
          variant="subtle"
          color="gray"
          size="sm"
          aria-label="What to do with this message"
        >
          <Icon name="more" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayWrite && isThere && message.direction === 'in' && (
          <EmojiRow chosen={mine} onChoose={(emoji) => deeds.react(message, emoji)} />
        )}
        {mayWrite && isThere && (
          <Menu.Item leftSection={<Icon name="reply" size={14} />} onClick={() => deeds.reply(message)}>
            Reply to it
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Icon name="file" size={14} />}
          onClick={() => void navigator.clipboard.writeText(message.text)}
        >
          Copy the text
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="link" size={14} />} onClick={() => deeds.copyLink(message)}>
          Copy a link to it
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="tag" size={14} />} onClick={() => deeds.label(message)}>
          Label it …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
