import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { Campaign, CampaignRun, Estimate } from '../../api/campaign-shapes.ts'
import { api } from '../../api/client.ts'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayTime } from '../../ui/words.ts'
import { sayCost } from '../campaign-words.ts'
import { useComposer } from './composer-context.ts'
import { sayRecurrence } from './recurrence.ts'

interface Props {
  campaign: Campaign
  estimate: Estimate | null
  onClose(): void
}

/** Says once more who gets it and when, and sends. */
export function LaunchDialog({ campaign, estimate, onClose }: Props) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const launch = useMutation({
    mutationFn: () => api.post<{ run: CampaignRun | null }>(`/campaigns/${campaign.id}/launch`),
    onSuccess: async ({ run }) => {
      await navigate(run ? `/campaigns/${campaign.id}/runs/${run.id}` : `/campaigns/${campaign.id}/runs`)
      await client.invalidateQueries({ queryKey: ['campaigns'] })
    },
  })
  const people = estimate && sayCount(estimate.intended, 'person', 'people')
  return (
    <Modal opened onClose={onClose} title={`Launch ${campaign.name}?`}>
      <Stack>
        <Text fw={500}>
          <WhoAndWhen campaign={campaign} people={people ?? 'nobody'} />
        </Text>
        {estimate && estimate.cost.length > 0 && (
          <Text size="sm">It costs about {sayCost(estimate.cost)}.</Text>
        )}
        <ProblemNotice error={launch.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button loading={launch.isPending} onClick={() => launch.mutate()}>
            {campaign.kind === 'one-time' && people ? `Send it to ${people}` : 'Launch'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function WhoAndWhen({ campaign: { kind }, people }: { campaign: Campaign; people: string }) {
  const { draft } = useComposer()
  const schedule = draft.schedule ?? { kind: 'now' }
  if (kind === 'triggered') return 'From now on everybody of whom the trigger is true gets it.'
  if (kind === 'drip')
    return 'From now on everybody of whom the trigger is true gets the messages, one after the other.'
  if (kind === 'api') return 'From now on whoever your system names gets it.'
  switch (schedule.kind) {
    case 'now':
      return `${people} get it now.`
    case 'at':
      return `${people} get it on ${sayTime(schedule.at)}.`
    case 'local':
      return `${people} get it on ${schedule.date} at ${schedule.time} where they live.`
    case 'recurring':
      return `${sayRecurrence(schedule)} Today it would be ${people}.`
  }
}
