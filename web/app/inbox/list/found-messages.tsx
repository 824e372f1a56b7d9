import { ActionIcon, Button, Collapse, Group, Select, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'
import { useInbox } from '../inbox-context.ts'
import { sayShort } from '../inbox-words.ts'
import { Headline } from './headline.tsx'
import { useFoundMessages, type FoundMessage, type Wanted } from './use-found-messages.ts'

type Only = Omit<Wanted, 'numberId'>
const any: Only = { direction: '', type: '', firstDay: '', lastDay: '' }

/** What was said, in all chats that one may read. */
export function FoundMessages({ words }: { words: string }) {
  const { place } = useInbox()
  const [only, setOnly] = useState(any)
  const [isFilterShown, { toggle }] = useDisclosure(false)
  const found = useFoundMessages(words, { ...only, numberId: place.filter.numberId })
  const isFiltered = Object.values(only).some((value) => value !== '')
  const noWord = fieldProblem(found.error, 'q')
  return (
    <section aria-label="Messages found" className="inbox-found">
      <Group justify="space-between" px="sm" pt="sm" pb={4} wrap="nowrap">
        <Text component="h2" size="xs" c="dimmed" fw={600}>
          Messages of all chats
        </Text>
        <ActionIcon
          variant={isFiltered ? 'light' : 'subtle'}
          color={isFiltered ? 'teal' : 'gray'}
          size="sm"
          aria-label="Filter the messages"
          aria-expanded={isFilterShown}
          onClick={toggle}
        >
          <Icon name="filter" size={14} />
        </ActionIcon>
      </Group>
      <Collapse expanded={isFilterShown}>
        <OnlyFields only={only} onChange={(change) => setOnly({ ...only, ...change })} />
        {isFiltered && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            mx="sm"
            mb="xs"
            onClick={() => setOnly(any)}
          >
            Any message
          </Button>
        )}
      </Collapse>
      {noWord ? (
        <Nothing words={`This ${noWord}.`} />
      ) : (
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      )}
      {found.isPending && <Loading what="messages" />}
      <ul className="inbox-rows" data-old={found.isPlaceholderData || undefined}>
        {found.items.map((each) => (
          <FoundRow key={each.message.id} found={each} />
        ))}
      </ul>
      {found.isSuccess && found.items.length === 0 && <Nothing words="No message says so." />}
      <MoreButton pages={found} />
    </section>
  )
}

function Nothing({ words }: { words: string }) {
  return (
    <Text size="sm" c="dimmed" px="sm" py="xs">
      {words}
    </Text>
  )
}

function FoundRow({ found: { message, contactName, headline } }: { found: FoundMessage }) {
  const { place } = useInbox()
  const { id, conversationId, direction, createdAt, sender } = message
  const isShown = place.messageId === id
  const who = direction === 'in' ? '' : `${sender.name ?? 'We'}: `
  return (
    <li className="inbox-found-row" data-shown={isShown || undefined}>
      <Link
        to={place.addressOf(conversationId, id)}
        className="inbox-found-link"
        aria-current={isShown ? 'true' : undefined}
      >
        <Group justify="space-between" gap={6} wrap="nowrap">
          <Text size="sm" fw={500} truncate>
            {contactName ?? 'Somebody'}
          </Text>
          <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
            {sayShort(createdAt)}
          </Text>
        </Group>
        <Text size="sm" lineClamp={3} className="inbox-found-text">
          {who}
          <Headline html={headline} />
        </Text>
      </Link>
    </li>
  )
}

/** Those that have words in them. */
const types = [
  ...['text', 'image', 'video', 'document', 'audio', 'location', 'contacts', 'interactive', 'button'],
  'template',
]

function OnlyFields({ only, onChange }: { only: Only; onChange(change: Partial<Only>): void }) {
  return (
    <Group gap="xs" px="sm" pb="xs" grow wrap="wrap" className="inbox-found-fields">
      <Select
        label="Written by"
        size="xs"
        clearable
        placeholder="Anybody"
        data={[
          { value: 'in', label: 'the customer' },
          { value: 'out', label: 'us' },
        ]}
        value={only.direction || null}
        onChange={(direction) => onChange({ direction: direction ?? '' })}
      />
      <Select
        label="Kind"
        size="xs"
        clearable
        placeholder="Any"
        data={types}
        value={only.type || null}
        onChange={(type) => onChange({ type: type ?? '' })}
      />
      {(['firstDay', 'lastDay'] as const).map((end) => (
        <TextInput
          key={end}
          label={end === 'firstDay' ? 'First day' : 'Last day'}
          size="xs"
          type="date"
          value={only[end]}
          onChange={(event) => onChange({ [end]: event.currentTarget.value })}
        />
      ))}
    </Group>
  )
}
