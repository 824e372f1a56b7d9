import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Campaign } from '../api/campaign-shapes.ts'
import { api } from '../api/client.ts'
import { ConfirmButton } from '../ui/confirm-button.tsx'

type Verb = 'pause' | 'resume' | 'end'

/** Of campaigns that go on by themselves; a one-time campaign's run has levers of its own. */
export function CampaignLevers({ campaign: { id, kind, state } }: { campaign: Campaign }) {
  const client = useQueryClient()
  const steer = useMutation({
    mutationFn: (verb: Verb) => api.post(`/campaigns/${id}/${verb}`),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
  })
  if (kind === 'one-time' || state === 'draft' || state === 'ended') return null
  const verb: Verb = state === 'paused' ? 'resume' : 'pause'
  return (
    <>
      <Button variant="default" loading={steer.isPending} onClick={() => steer.mutate(verb)}>
        {verb === 'resume' ? 'Go on' : 'Pause'}
      </Button>
      <ConfirmButton
        label="End it"
        question="End the campaign?"
        words={
          kind === 'drip'
            ? 'Nobody new gets it, and it does not begin again by itself. Who is inside goes on to the end.'
            : 'Nobody new gets it, and it does not begin again by itself.'
        }
        loading={steer.isPending}
        onConfirm={() => steer.mutate('end')}
      />
    </>
  )
}
