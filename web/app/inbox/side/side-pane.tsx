import { ActionIcon, Anchor, Avatar, Badge, Group, ScrollArea, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { contactName } from '../../audience/contact-values.ts'
import { AttributesCard } from '../../contact/attributes-card.tsx'
import { ConsentCard } from '../../contact/consent-card.tsx'
import { HoldsCard } from '../../contact/holds-card.tsx'
import { JourneysCard, SegmentsCard } from '../../contact/profile-cards.tsx'
import { TagsCard } from '../../contact/tags-card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { useProfile } from '../compose/use-placeholders.ts'
import { EpisodesCard } from './episodes-card.tsx'
import { OrdersCard } from './orders-card.tsx'
import { OtherChatsCard } from './other-chats-card.tsx'
import { StandingCard } from './standing-card.tsx'
import { WhyCard } from './why-card.tsx'

/** All that is known of whom one talks with. */
export function SidePane({ conversation, onClose }: { conversation: Conversation; onClose(): void }) {
  const { contactId } = conversation
  const profile = useProfile(contactId)
  return (
    <aside className="inbox-side" aria-label="Customer">
      <ScrollArea h="100%" type="auto">
        <Stack gap="sm" p="sm">
          <Group justify="space-between" wrap="nowrap">
            <Text fw={600}>Customer</Text>
            <ActionIcon variant="subtle" color="gray" aria-label="Hide the customer" onClick={onClose}>
              <Icon name="close" size={16} />
            </ActionIcon>
          </Group>
          <ProblemNotice error={profile.error} onRetry={() => void profile.refetch()} />
          {profile.isPending && <Loading what="the customer" />}
          {profile.data && (
            <>
              <Head contact={profile.data.contact} />
              <StandingCard conversation={conversation} />
              <AttributesCard profile={profile.data} />
              <TagsCard contact={profile.data.contact} />
              <HoldsCard contactId={contactId} />
              <JourneysCard journeys={profile.data.journeys} />
              <ConsentCard contactId={contactId} />
              <OrdersCard contactId={contactId} />
              <EpisodesCard conversationId={conversation.id} />
              <OtherChatsCard conversation={conversation} />
              <SegmentsCard segments={profile.data.segments} />
              <WhyCard contactId={contactId} />
            </>
          )}
        </Stack>
      </ScrollArea>
    </aside>
  )
}

function Head({ contact }: { contact: NonNullable<ReturnType<typeof useProfile>['data']>['contact'] }) {
  const name = contactName(contact)
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar name={name} color="initials" size={48} radius="xl" alt="" />
      <div style={{ minWidth: 0 }}>
        <Text fw={600} truncate>
          {name}
        </Text>
        <Group gap={6}>
          <Anchor component={Link} to={`/contacts/${contact.id}`} size="sm">
            All about the contact
          </Anchor>
          {contact.optedOutAt && (
            <Badge size="xs" color="orange" variant="light">
              opted out
            </Badge>
          )}
          {contact.spamAt && (
            <Badge size="xs" color="red" variant="light">
              spam
            </Badge>
          )}
        </Group>
      </div>
    </Group>
  )
}
