import { Select, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { fieldProblem } from '../ui/states.tsx'
import { StopDialog } from '../ui/stop-dialog.tsx'

/** Holds a number's campaigns, or one template, by hand. */
export function StopNumber({ numberId, onClose }: { numberId: string; onClose(): void }) {
  const [scope, setScope] = useState('campaigns')
  const [template, setTemplate] = useState('')
  const client = useQueryClient()
  return (
    <StopDialog
      title="Stop something of this number"
      words={
        <Text size="sm" c="dimmed">
          Answers and journeys go on.
        </Text>
      }
      onStop={(reason) =>
        api.post(`/numbers/${numberId}/stops`, { scope, reason, ...(scope === 'template' && { template }) })
      }
      onStopped={() => client.invalidateQueries({ queryKey: ['numbers'] })}
      onClose={onClose}
    >
      {(error) => (
        <>
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
              error={fieldProblem(error, 'template')}
              onChange={(event) => setTemplate(event.currentTarget.value)}
            />
          )}
        </>
      )}
    </StopDialog>
  )
}
