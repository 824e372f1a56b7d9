import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api } from '../../api/client.ts'
import { InstantInput } from '../../forms/instant-input.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'

interface Props {
  conversationId: string
  content: JsonObject
  text: string
  onClose(): void
  onDone(): void
}

/** What is written goes out later, unless the customer writes before. */
export function ScheduleDialog({ conversationId, content, text, onClose, onDone }: Props) {
  const [dueAt, setDueAt] = useState<string>()
  const [isHeld, setHeld] = useState(true)
  const client = useQueryClient()
  const schedule = useMutation({
    mutationFn: () =>
      api.post(`/conversations/${conversationId}/scheduled-messages`, {
        ...{ content, dueAt, onReply: isHeld ? 'hold' : 'send' },
      }),
    onSuccess: async () => {
      onDone()
      onClose()
      await client.invalidateQueries({ queryKey: ['scheduled', conversationId] })
    },
  })
  return (
    <Modal opened onClose={onClose} title="Send later">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          schedule.mutate()
        }}
      >
        <Stack>
          <Text size="sm" className="app-pre" lineClamp={4}>
            {text}
          </Text>
          <ProblemNotice error={schedule.error} />
          <InstantInput
            label="When"
            value={dueAt}
            error={fieldProblem(schedule.error, 'dueAt')}
            onChange={setDueAt}
          />
          <Checkbox
            label="Hold it when the customer writes before"
            checked={isHeld}
            onChange={(event) => setHeld(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!dueAt} loading={schedule.isPending}>
              Schedule
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
