import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'

/** Holds a number's campaigns, or one template, by hand. */
export function StopDialog({ numberId, onClose }: { numberId: string; onClose(): void }) {
  const [scope, setScope] = useState('campaigns')
  const [template, setTemplate] = useState('')
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const stop = useMutation({
    mutationFn: () =>
      api.post(`/numbers/${numberId}/stops`, { scope, reason, ...(scope === 'template' && { template }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['numbers'] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Stop something of this number">
      <Stack>
        <Select
          label="What"
          allowDeselect={false}
          data={[
            { value: 'campaigns', label: 'All its campaigns' },
            { value: 'template', label: 'One template' },
          ]}
          value={scope}
          onChange={(chosen) => setScope(chosen ?? 'campaigns')}
        />
        {scope === 'template' && (
          <TextInput
            label="Name of the template"
            required
            value={template}
            error={fieldProblem(stop.error, 'template')}
            onChange={(event) => setTemplate(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Why"
          required
          data-autofocus
          value={reason}
          error={fieldProblem(stop.error, 'reason')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          Answers and journeys go on.
        </Text>
        {!fieldProblem(stop.error, 'reason') && <ProblemNotice error={stop.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={stop.isPending} onClick={() => stop.mutate()}>
            Stop now
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
