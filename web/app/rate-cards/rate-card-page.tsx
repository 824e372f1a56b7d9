import { Alert, Anchor, Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { api, ApiProblem } from '../api/client.ts'
import { InstantField } from '../forms/time-fields.tsx'
import { Card } from '../ui/card.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../ui/states.tsx'
import { PriceTable } from './price-table.tsx'
import {
  categories,
  fromEdited,
  placeOf,
  startRateCard,
  toEdited,
  type EditedRateCard,
  type RateCard,
} from './rate-card.ts'

/** One rate card, or a new one. */
export function RateCardPage() {
  const { id = '' } = useParams()
  const isNew = id === 'new'
  const card = useQuery({
    queryKey: ['rate-cards', 'one', id],
    queryFn: () => api.get<RateCard>(`/rate-cards/${id}`),
    enabled: !isNew,
  })
  if (isNew) return <Form key="new" />
  if (card.isPending) return <Loading what="the rate card" />
  if (card.error) return <ProblemNotice error={card.error} onRetry={() => void card.refetch()} />
  return <Form key={card.data.id} stored={card.data} />
}

function useSave(stored: RateCard | undefined, edited: EditedRateCard) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () =>
      stored
        ? api.put<RateCard>(`/rate-cards/${stored.id}`, fromEdited(edited))
        : api.post<RateCard>('/rate-cards', fromEdited(edited)),
    onSuccess: async (saved) => {
      client.setQueryData(['rate-cards', 'one', saved.id], saved)
      await client.invalidateQueries({ queryKey: ['rate-cards', 'list'] })
      notifications.show({ color: 'teal', message: 'The rate card is saved.' })
      await navigate('/rate-cards')
    },
  })
}

function useRemove(id: string | undefined) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => api.delete(`/rate-cards/${id}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['rate-cards', 'list'] })
      await navigate('/rate-cards')
    },
  })
}

function Form({ stored }: { stored?: RateCard }) {
  const [edited, setEdited] = useState(() => (stored ? toEdited(stored) : startRateCard()))
  const save = useSave(stored, edited)
  const remove = useRemove(stored?.id)
  return (
    <>
      <Anchor component={Link} to="/rate-cards" size="sm">
        ← Rate cards
      </Anchor>
      <PageTitle title={stored?.name ?? 'New rate card'}>
        {stored && (
          <Button variant="subtle" color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        )}
      </PageTitle>
      <Stack>
        {stored?.example && (
          <Alert color="yellow" title="These prices are made up">
            They show the shape. Put those of your contract in their place and save: then it is no example any
            more.
          </Alert>
        )}
        <Fields value={edited} onChange={setEdited} error={save.error} />
        <Card title="Price of one message, by the country of who gets it">
          <PriceTable lines={edited.lines} onChange={(lines) => setEdited({ ...edited, lines })} />
        </Card>
        <Refused edited={edited} error={save.error} />
        <ProblemNotice error={remove.error} />
        <Group justify="flex-end">
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Save
          </Button>
        </Group>
      </Stack>
    </>
  )
}

/** What the API said about prices, by country and category instead of by place. */
function Refused({ edited, error }: { edited: EditedRateCard; error: unknown }) {
  if (!(error instanceof ApiProblem) || error.fields.length === 0) return <ProblemNotice error={error} />
  const words = error.fields.map(({ field, message }) => `${placeOf(edited, field) ?? field}: ${message}`)
  return (
    <Alert color="red" role="alert" title="That did not work">
      {[...new Set(words)].map((each) => (
        <div key={each}>{each}</div>
      ))}
    </Alert>
  )
}

interface FieldsProps {
  value: EditedRateCard
  onChange(value: EditedRateCard): void
  error: unknown
}

function Fields({ value, onChange, error }: FieldsProps) {
  const instant = (label: string, name: 'effectiveFrom' | 'effectiveUntil', isRequired: boolean) => (
    <InstantField
      schema={{}}
      label={label}
      isRequired={isRequired}
      value={value[name] ?? undefined}
      onChange={(at) => onChange({ ...value, [name]: typeof at === 'string' ? at : isRequired ? '' : null })}
      path={name}
      problemAt={(path) => fieldProblem(error, path)}
      renderPart={() => null}
    />
  )
  return (
    <Card title="What it is">
      <Stack maw={560}>
        <TextInput
          label="Name"
          required
          value={value.name}
          error={fieldProblem(error, 'name')}
          onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        />
        <TextInput
          label="Currency"
          description="three letters, like USD or INR"
          required
          maxLength={3}
          value={value.currency}
          error={fieldProblem(error, 'currency')}
          onChange={(event) => onChange({ ...value, currency: event.currentTarget.value.toUpperCase() })}
          maw={260}
        />
        {instant('Valid from', 'effectiveFrom', true)}
        {instant('Until', 'effectiveUntil', false)}
        <Checkbox.Group
          label="Free while the 24-hour window is open"
          value={value.freeInWindow}
          onChange={(freeInWindow) => onChange({ ...value, freeInWindow })}
        >
          <Group mt={4}>
            {categories.map((category) => (
              <Checkbox key={category} value={category} label={category} />
            ))}
          </Group>
        </Checkbox.Group>
      </Stack>
    </Card>
  )
}
