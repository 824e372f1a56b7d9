import { Anchor, Badge, Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, getAll } from '../api/client.ts'
import type { Journey, JourneyTemplate } from '../api/journey-shapes.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, fieldProblem, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayCount } from '../ui/words.ts'
import { InstallDialog } from './install-dialog.tsx'
import { NameAndNumber, useNumbers } from './name-and-number.tsx'

/** From a journey that is ready, or from nothing. */
export function NewJourneyPage() {
  const [chosen, setChosen] = useState<JourneyTemplate>()
  const numbers = useNumbers()
  const templates = useQuery({
    queryKey: ['journey-templates'],
    queryFn: () => getAll<JourneyTemplate>('/journey-templates'),
    staleTime: Infinity,
  })
  return (
    <>
      <Anchor component={Link} to="/journeys" size="sm">
        ← Journeys
      </Anchor>
      <PageTitle title="New journey" />
      <ProblemNotice error={templates.error ?? numbers.error} onRetry={() => void templates.refetch()} />
      {(templates.isPending || numbers.isPending) && <Loading what="the templates" />}
      {numbers.data?.length === 0 && (
        <Empty title="No WhatsApp number yet">
          <Text c="dimmed" ta="center">
            A journey writes from a number. Connect one first: POST /platform/v1/numbers.
          </Text>
        </Empty>
      )}
      {templates.data && numbers.data && numbers.data.length > 0 && (
        <Stack>
          <EmptyJourney />
          <Title order={2} size="h4">
            Or one that is ready
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {templates.data.map((template) => (
              <Offer key={template.name} template={template} onChoose={() => setChosen(template)} />
            ))}
          </SimpleGrid>
        </Stack>
      )}
      {chosen && <InstallDialog template={chosen} onClose={() => setChosen(undefined)} />}
    </>
  )
}

function EmptyJourney() {
  const [name, setName] = useState('')
  const [numberId, setNumberId] = useState('')
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: () =>
      api.post<Journey>('/journeys', { name, numberId, draft: { start: '', cards: {}, triggers: [] } }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['journeys', 'list'] })
      await navigate(`/journeys/${id}`)
    },
  })
  return (
    <Paper withBorder p="md" component="section" aria-label="Empty journey">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Group align="flex-start" gap="sm">
          <NameAndNumber
            name={name}
            onName={setName}
            numberId={numberId}
            onNumber={setNumberId}
            error={create.error}
          />
          <Button type="submit" mt={25} loading={create.isPending}>
            Begin with nothing
          </Button>
        </Group>
        {create.error && !fieldProblem(create.error, 'name') && <ProblemNotice error={create.error} />}
      </form>
    </Paper>
  )
}

function Offer({ template, onChoose }: { template: JourneyTemplate; onChoose(): void }) {
  const { title, description, cards, stories } = template
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {title}
          </Title>
          <Badge variant="light" color="gray">
            {sayCount(cards, 'card')}
          </Badge>
        </Group>
        <Text size="sm">{description}</Text>
        <Needs template={template} />
        <Text size="xs" c="dimmed">
          It is held to at every publish:
        </Text>
        <List size="xs" c="dimmed">
          {stories.map((story) => (
            <List.Item key={story}>{story}</List.Item>
          ))}
        </List>
        <Group mt="auto">
          <Button variant="light" onClick={onChoose} aria-label={`Install ${title}`}>
            Install
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

function Needs({ template: { needs } }: { template: JourneyTemplate }) {
  const lines: [string, string[]][] = [
    ['Events', Object.keys(needs.events)],
    ['Attributes', Object.keys(needs.attributes)],
    ['WhatsApp templates', needs.templates],
    ['Segments', Object.values(needs.segments)],
  ]
  const shown = lines.filter(([, names]) => names.length > 0)
  if (shown.length === 0) return <Text size="sm">Needs nothing else.</Text>
  return (
    <Stack gap={2}>
      {shown.map(([what, names]) => (
        <Text key={what} size="sm">
          <span className="app-muted">{what}:</span> {names.join(', ')}
        </Text>
      ))}
    </Stack>
  )
}
