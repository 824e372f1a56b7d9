import { Button, Loader } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { chatName, sayDay } from '../inbox-words.ts'
import { byDay, keyOf, type Entry } from './entries.ts'
import { EventLine } from './event-line.tsx'
import { MessageItem, type MessageDeeds } from './message-item.tsx'
import { NoteItem } from './note-item.tsx'
import type { useUnsent } from './outgoing.ts'
import { UnsentItem } from './unsent-item.tsx'
import { useScroll } from './use-scroll.ts'
import type { useTimeline } from './use-timeline.ts'

interface Props {
  conversation: Conversation
  timeline: ReturnType<typeof useTimeline>
  outgoing: ReturnType<typeof useUnsent>
  pointedAt: string | undefined
  mayWrite: boolean
  deeds: MessageDeeds
}

/** All that was said and done in a conversation, a day after the other. */
export function Timeline(props: Props) {
  const { conversation, timeline, outgoing, pointedAt } = props
  const entries = timeline.data?.entries ?? []
  const last = entries.at(-1)
  const unsent = outgoing.unsent.at(-1)
  const { ref, onScroll, toEnd, isAway, isNews } = useScroll({
    first: entries[0] && keyOf(entries[0]),
    last: unsent?.key ?? (last && keyOf(last)),
    pointed: pointedAt,
    isOwn: unsent !== undefined,
  })
  return (
    <div
      className="inbox-timeline"
      ref={ref}
      onScroll={onScroll}
      // What is scrolled must be within reach of the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="region"
      aria-label="Messages"
    >
      <div className="inbox-timeline-inside">
        <Earlier timeline={timeline} />
        <Entries {...props} entries={entries} />
      </div>
      {isAway && (
        <Button
          className="inbox-to-end"
          size="compact-sm"
          radius="xl"
          variant={isNews ? 'filled' : 'default'}
          onClick={toEnd}
        >
          {isNews ? 'New messages ↓' : 'To the end ↓'}
        </Button>
      )}
      <Announcer entries={entries} name={chatName(conversation)} />
    </div>
  )
}

function Entries(props: Props & { entries: Entry[] }) {
  const { conversation, timeline, outgoing, pointedAt, mayWrite, deeds, entries } = props
  const { unsent, retry, discard } = outgoing
  return (
    <>
      <ProblemNotice error={timeline.error} onRetry={() => void timeline.refetch()} />
      {timeline.isPending && <Loading what="messages" />}
      {timeline.isSuccess && entries.length + unsent.length === 0 && <Empty title="Nothing was said yet" />}
      {byDay(entries).map(({ day, at, entries: ofDay }) => (
        <section key={day} aria-label={sayDay(at)}>
          <h3 className="inbox-day">{sayDay(at)}</h3>
          {ofDay.map((entry) => (
            <EntryItem
              key={keyOf(entry)}
              entry={entry}
              conversationId={conversation.id}
              isPointedAt={entry.id === pointedAt}
              mayWrite={mayWrite}
              deeds={deeds}
            />
          ))}
        </section>
      ))}
      {timeline.data?.newer && (
        <Button
          variant="subtle"
          loading={timeline.loading === 'newer'}
          onClick={() => void timeline.load('newer')}
        >
          Show later messages
        </Button>
      )}
      {unsent.map((message) => (
        <UnsentItem
          key={message.key}
          message={message}
          onRetry={() => retry(message)}
          onDiscard={() => discard(message)}
        />
      ))}
    </>
  )
}

interface EntryProps {
  entry: Entry
  conversationId: string
  isPointedAt: boolean
  mayWrite: boolean
  deeds: MessageDeeds
}

function EntryItem({ entry, conversationId, ...props }: EntryProps) {
  if (entry.kind === 'event') return <EventLine event={entry.event} />
  if (entry.kind === 'note') return <NoteItem conversationId={conversationId} note={entry.note} />
  return <MessageItem message={entry.message} {...props} />
}

/** Earlier messages come when one has scrolled up to them. */
function Earlier({ timeline }: { timeline: Props['timeline'] }) {
  const ref = useRef<HTMLDivElement>(null)
  const { load, loading } = timeline
  const isMore = timeline.data?.older != null
  useEffect(() => {
    const mark = ref.current
    if (!mark || !isMore) return undefined
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting && void load('older'), {
      root: mark.closest('.inbox-timeline'),
    })
    observer.observe(mark)
    return () => observer.disconnect()
  })
  if (!isMore) return null
  return (
    <div ref={ref} className="inbox-earlier">
      {loading === 'older' ? (
        <Loader size="xs" aria-label="Loading earlier messages" />
      ) : (
        <Button size="compact-xs" variant="subtle" onClick={() => void load('older')}>
          Show earlier messages
        </Button>
      )}
    </div>
  )
}

/** What comes in is read out to those who cannot see it; what was there from the start is not. */
function Announcer({ entries, name }: { entries: Entry[]; name: string }) {
  const ref = useRef<HTMLDivElement>(null)
  const seen = useRef<string>(undefined)
  const last = entries.findLast((entry) => entry.kind === 'message' && entry.message.direction === 'in')
  const words = last?.kind === 'message' ? last.message.text : ''
  const isLoaded = entries.length > 0
  useEffect(() => {
    if (!isLoaded) return
    const isNew = seen.current !== undefined && seen.current !== last?.id
    seen.current = last?.id ?? ''
    if (isNew && ref.current) ref.current.textContent = `${name}: ${words}`
  }, [isLoaded, last?.id, name, words])
  return <div className="app-unseen" aria-live="polite" ref={ref} />
}
