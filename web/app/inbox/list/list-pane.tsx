import { Button, ScrollArea, Text } from '@mantine/core'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { useInbox } from '../inbox-context.ts'
import { useNow } from '../use-now.ts'
import { isFiltered, type Place } from '../use-place.ts'
import { BulkActions } from './bulk-actions.tsx'
import { ConversationRow } from './conversation-row.tsx'
import { FoundMessages } from './found-messages.tsx'
import { ListBar } from './list-bar.tsx'
import type { useConversations } from './use-conversations.ts'

interface Props {
  conversations: ReturnType<typeof useConversations>
  chosen: string[]
  onChoose(ids: string[]): void
  searchRef: RefObject<HTMLInputElement | null>
}

/** The conversations of a view, the first of them on top. */
export function ListPane({ conversations, chosen, onChoose, searchRef }: Props) {
  const { place } = useInbox()
  const nowMs = useNow()
  const lastChosen = useRef<string>(undefined)
  const { items } = conversations
  const { search } = place.filter
  const [allOf, setAllOf] = useState('')
  const shown = search === '' || allOf === search ? items : firstOf(items, place.conversationId)
  useShownInSight(place.conversationId)
  const choose = (id: string, isRange: boolean) => {
    onChoose(toggle(chosen, id, isRange ? rangeOf(items, lastChosen.current, id) : [id]))
    lastChosen.current = id
  }
  return (
    <div className="inbox-list">
      <ListBar searchRef={searchRef} />
      {chosen.length > 0 && <BulkActions ids={chosen} onDone={() => onChoose([])} />}
      <ScrollArea className="inbox-list-scroll" type="auto" viewportProps={{ tabIndex: -1 }}>
        <section aria-label="Conversations">
          <ProblemNotice error={conversations.error} onRetry={() => void conversations.refetch()} />
          {conversations.isPending && <Loading what="conversations" />}
          <ul className="inbox-rows">
            {shown.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                address={place.addressOf(conversation.id)}
                isShown={conversation.id === place.conversationId}
                isChosen={chosen.includes(conversation.id)}
                nowMs={nowMs}
                onChoose={choose}
              />
            ))}
          </ul>
          {conversations.isSuccess && items.length === 0 && <NoConversations place={place} />}
          {shown.length === items.length ? (
            <MoreButton pages={conversations} />
          ) : (
            <Button fullWidth variant="subtle" size="compact-sm" my={4} onClick={() => setAllOf(search)}>
              More conversations
            </Button>
          )}
        </section>
        {search !== '' && <FoundMessages words={search} />}
      </ScrollArea>
    </div>
  )
}

/** What is said stands below them, and should be in sight. */
const mostWhileSearching = 5

function firstOf(items: Conversation[], shownId: string | undefined): Conversation[] {
  const shownAt = items.findIndex(({ id }) => id === shownId)
  return items.slice(0, Math.max(mostWhileSearching, shownAt + 1))
}

function useShownInSight(conversationId: string | undefined): void {
  useEffect(() => {
    if (!conversationId) return
    document.querySelector(`[data-chat="${conversationId}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [conversationId])
}

function toggle(chosen: string[], id: string, range: string[]): string[] {
  if (chosen.includes(id)) return chosen.filter((each) => each !== id)
  return [...new Set([...chosen, ...range])]
}

function rangeOf(items: Conversation[], from: string | undefined, to: string): string[] {
  const places = [from, to].map((id) => items.findIndex((item) => item.id === id))
  if (places.includes(-1)) return [to]
  return items.slice(Math.min(...places), Math.max(...places) + 1).map(({ id }) => id)
}

const emptyWords: Record<string, string> = {
  mine: 'You have no conversations',
  unassigned: 'Somebody has every conversation',
  unread: 'You have read everything',
  mentions: 'Nobody has mentioned you',
  snoozed: 'Nothing is snoozed',
  closed: 'Nothing is closed yet',
  spam: 'There is no spam',
}

function NoConversations({ place }: { place: Place }) {
  const { filter, setFilter } = place
  if (filter.search !== '')
    return (
      <Text size="sm" c="dimmed" px="sm" py="xs">
        No conversation in this view has such a name or number.
      </Text>
    )
  if (isFiltered(filter))
    return (
      <Empty title="No conversation fits">
        <Button
          variant="default"
          onClick={() =>
            setFilter({ search: '', status: '', assignee: '', group: '', label: '', numberId: '' })
          }
        >
          Clear the filter
        </Button>
      </Empty>
    )
  if (filter.view in emptyWords) return <Empty title={emptyWords[filter.view] ?? ''} />
  return (
    <Empty title="No conversations yet">
      <Text c="dimmed" ta="center" size="sm" px="md">
        They come when somebody writes to one of your numbers, or when you write first.
      </Text>
    </Empty>
  )
}
