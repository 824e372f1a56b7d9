import { Anchor, Badge, Button, Grid, Group, Stack, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { api } from '../api/client.ts'
import type { Profile } from '../api/shapes.ts'
import { contactName } from '../audience/contact-values.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { AttributesCard } from './attributes-card.tsx'
import { ConsentCard } from './consent-card.tsx'
import { HoldsCard } from './holds-card.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { Notes } from './notes.tsx'
import { ConversationsCard, IdentitiesCard, JourneysCard, SegmentsCard } from './profile-cards.tsx'
import { TagsCard } from './tags-card.tsx'
import { Timeline } from './timeline.tsx'

/** A contact all round. */
export function ContactPage() {
  const { id = '' } = useParams()
  const profile = useQuery({
    queryKey: ['contact', id, 'profile'],
    queryFn: () => api.get<Profile>(`/contacts/${id}/profile`),
  })
  if (profile.isPending) return <Loading what="the contact" />
  if (profile.error) return <ProblemNotice error={profile.error} onRetry={() => void profile.refetch()} />
  return <Shown key={profile.data.contact.id} profile={profile.data} />
}

function Shown({ profile }: { profile: Profile }) {
  const { contact } = profile
  return (
    <>
      <Anchor component={Link} to="/contacts" size="sm">
        ← Contacts
      </Anchor>
      <PageTitle title={contactName(contact)}>
        {contact.spamAt && (
          <Badge color="red" variant="light">
            spam
          </Badge>
        )}
        {contact.optedOutAt && (
          <Badge color="orange" variant="light">
            opted out
          </Badge>
        )}
        <Actions profile={profile} />
      </PageTitle>
      {contact.mergedInto && (
        <Text mb="sm">
          This contact was merged:{' '}
          <Anchor component={Link} to={`/contacts/${contact.mergedInto}`}>
            go to the one it is now
          </Anchor>
          .
        </Text>
      )}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <AttributesCard profile={profile} />
            <TagsCard contact={contact} />
            <IdentitiesCard contact={contact} />
            <ConsentCard contactId={contact.id} />
            <SegmentsCard segments={profile.segments} />
            <HoldsCard contactId={contact.id} />
            <JourneysCard journeys={profile.journeys} />
            <ConversationsCard conversations={profile.conversations} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <History profile={profile} />
        </Grid.Col>
      </Grid>
    </>
  )
}

function History({ profile: { contact, counts } }: { profile: Profile }) {
  return (
    <Tabs defaultValue="timeline" keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="notes">Notes{counts['notes'] ? ` (${counts['notes']})` : ''}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="timeline">
        <Timeline contactId={contact.id} />
      </Tabs.Panel>
      <Tabs.Panel value="notes">
        <Notes contactId={contact.id} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Actions({ profile: { contact } }: { profile: Profile }) {
  const client = useQueryClient()
  const [isMerging, { open, close }] = useDisclosure(false)
  const isSpam = contact.spamAt !== null
  const mark = useMutation({
    mutationFn: () => api.put(`/contacts/${contact.id}/spam`, { spam: !isSpam }),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['contact', contact.id] }),
  })
  return (
    <Group gap="xs">
      <Button variant="default" loading={mark.isPending} onClick={() => mark.mutate()}>
        {isSpam ? 'Not spam' : 'Mark as spam'}
      </Button>
      <Button variant="default" onClick={open}>
        Merge
      </Button>
      {isMerging && <MergeDialog contact={contact} onClose={close} />}
    </Group>
  )
}
