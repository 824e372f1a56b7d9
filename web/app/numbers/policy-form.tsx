import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AutopilotPolicy } from '../../../src/model/autopilot.ts'
import { api } from '../api/client.ts'
import { Card } from '../ui/card.tsx'
import { ShareInput } from '../forms/share-input.tsx'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { PolicyRules } from './policy-rules.tsx'

interface Props {
  numberId: string
  policy: AutopilotPolicy
}

/** What the autopilot does by itself when WhatsApp says no. */
export function PolicyForm({ numberId, policy }: Props) {
  const [wish, setWish] = useState(policy)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (changed: AutopilotPolicy | { reset: true }) =>
      api.put(`/numbers/${numberId}/autopilot`, changed),
    onSuccess: async () => {
      notifications.show({ color: 'teal', message: 'The autopilot goes by this table from now on.' })
      await client.invalidateQueries({ queryKey: ['numbers', 'autopilot', numberId] })
    },
  })
  const isChanged = JSON.stringify(wish) !== JSON.stringify(policy)
  const set = (part: Partial<AutopilotPolicy>) => setWish({ ...wish, ...part })
  return (
    <Card title="Autopilot">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          What it does by itself when WhatsApp answers a message with an error. The first rule that names the
          code counts.
        </Text>
        <PolicyRules rules={wish.rules} onChange={(rules) => set({ rules })} error={save.error} />
        <Care policy={wish} onChange={set} error={save.error} />
        <ProblemNotice error={save.error} />
        <Group>
          <Button disabled={!isChanged} loading={save.isPending} onClick={() => save.mutate(wish)}>
            Save the autopilot
          </Button>
          {isChanged && (
            <Button variant="default" onClick={() => setWish(policy)}>
              Take back
            </Button>
          )}
          <Button
            variant="subtle"
            color="gray"
            loading={save.isPending}
            onClick={() => save.mutate({ reset: true })}
          >
            As every number begins
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

interface CareProps {
  policy: AutopilotPolicy
  onChange(part: Partial<AutopilotPolicy>): void
  error: unknown
}

function Care({ policy, onChange, error }: CareProps) {
  return (
    <Group align="flex-start" gap="sm">
      <Select
        label="When WhatsApp rates the number’s quality as low"
        allowDeselect={false}
        data={[
          { value: 'stop', label: 'campaigns stop' },
          { value: 'slow-down', label: 'campaigns slow down' },
          { value: 'go-on', label: 'campaigns go on' },
        ]}
        value={policy.redQuality}
        onChange={(redQuality) => onChange({ redQuality: redQuality ?? 'stop' })}
        w={320}
      />
      <ShareInput
        label="Kept free for answers and journeys, percent"
        description="of the people whom the number may newly write to in a day"
        max={90}
        value={policy.keepFree}
        error={fieldProblem(error, 'keepFree')}
        onChange={(keepFree) => onChange({ keepFree })}
        w={380}
      />
    </Group>
  )
}
