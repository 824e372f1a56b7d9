import { Anchor, Button, Group, Paper, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { Campaign, CampaignKind } from '../api/campaign-shapes.ts'
import { api } from '../api/client.ts'
import { NameAndNumber, useNumbers } from '../journeys/name-and-number.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, fieldProblem, Loading, ProblemNotice } from '../ui/states.tsx'
import { kindWords } from './campaign-words.ts'
import { startDraft } from './use-campaign.ts'

/** Its kind, its name and its number; the rest is composed in the draft. */
export function NewCampaignPage() {
  const numbers = useNumbers()
  return (
    <>
      <Anchor component={Link} to="/campaigns" size="sm">
        ← Campaigns
      </Anchor>
      <PageTitle title="New campaign" />
      <ProblemNotice error={numbers.error} onRetry={() => void numbers.refetch()} />
      {numbers.isPending && <Loading what="your numbers" />}
      {numbers.data?.length === 0 && (
        <Empty title="No WhatsApp number yet">
          <Text c="dimmed" ta="center">
            A campaign is sent from a number. Connect one first: POST /platform/v1/numbers.
          </Text>
        </Empty>
      )}
      {numbers.data && numbers.data.length > 0 && <NewForm />}
    </>
  )
}

function NewForm() {
  const [kind, setKind] = useState<CampaignKind>('one-time')
  const [name, setName] = useState('')
  const [numberId, setNumberId] = useState('')
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: () =>
      api.post<Campaign>('/campaigns', { name, numberId, kind, definition: startDraft(kind) }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['campaigns', 'list'] })
      await navigate(`/campaigns/${id}`)
    },
  })
  return (
    <Paper withBorder p="md">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack>
          <Radio.Group label="Kind" value={kind} onChange={setKind}>
            <Stack gap="xs" mt={4}>
              {Object.entries(kindWords).map(([value, { title, description }]) => (
                <Radio key={value} value={value} label={title} description={description} />
              ))}
            </Stack>
          </Radio.Group>
          <Group align="flex-start">
            <NameAndNumber
              name={name}
              onName={setName}
              numberId={numberId}
              onNumber={setNumberId}
              error={create.error}
              placeholder="e.g. Winter sale"
            />
          </Group>
          {!fieldProblem(create.error, 'name') && <ProblemNotice error={create.error} />}
          <Group>
            <Button type="submit" loading={create.isPending}>
              Begin
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
