import { Badge, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import type { Consent } from '../api/shapes.ts'
import { Card } from '../ui/card.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayName, sayTime } from '../ui/words.ts'

const colors = { opted_in: 'teal', opted_out: 'orange' } as const

export function ConsentCard({ contactId }: { contactId: string }) {
  const [isChanging, setChanging] = useState(false)
  const consent = useQuery({
    queryKey: ['contact', contactId, 'consent'],
    queryFn: () => api.get<Consent>(`/contacts/${contactId}/consent`),
  })
  const change = (
    <Button size="xs" variant="light" onClick={() => setChanging(true)}>
      Record
    </Button>
  )
  return (
    <Card title="Consent" action={change}>
      {consent.isPending && <Loading what="consent" />}
      <ProblemNotice error={consent.error} />
      <Stack gap={6}>
        {consent.data?.categories.map(({ category, state, source, at }) => (
          <Group key={category} justify="space-between">
            <Text size="sm" tt="capitalize">
              {category}
            </Text>
            <Group gap="xs">
              {at && (
                <Text size="xs" c="dimmed">
                  {source && sayName(source)} · {sayTime(at)}
                </Text>
              )}
              <Badge variant="light" color={state ? colors[state] : 'gray'}>
                {state ? sayName(state) : 'not said'}
              </Badge>
            </Group>
          </Group>
        ))}
      </Stack>
      {isChanging && <ConsentDialog contactId={contactId} onClose={() => setChanging(false)} />}
    </Card>
  )
}

interface Statement {
  category: string
  state: string
  source: string
  text: string
}

function ConsentDialog({ contactId, onClose }: { contactId: string; onClose(): void }) {
  const [given, setGiven] = useState<Statement>({
    category: 'marketing',
    state: 'opted_in',
    source: '',
    text: '',
  })
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: () => api.put(`/contacts/${contactId}/consent`, given),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['contact', contactId] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Record what the contact said">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <ProblemNotice error={save.error} />
          <ConsentFields value={given} onChange={setGiven} error={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Record
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function ConsentFields(props: { value: Statement; onChange(value: Statement): void; error: unknown }) {
  const { value, onChange, error } = props
  const set = (change: Partial<Statement>) => onChange({ ...value, ...change })
  return (
    <>
      <Select
        label="About"
        data={['marketing', 'utility', 'authentication', 'all']}
        allowDeselect={false}
        value={value.category}
        onChange={(category) => set({ category: category ?? 'all' })}
      />
      <Select
        label="The contact"
        data={[
          { value: 'opted_in', label: 'agreed' },
          { value: 'opted_out', label: 'refused' },
        ]}
        allowDeselect={false}
        value={value.state}
        onChange={(state) => set({ state: state ?? 'opted_out' })}
      />
      <TextInput
        label="Where"
        description="e.g. phone call, web form"
        required
        value={value.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
        error={fieldProblem(error, 'source')}
      />
      <Textarea
        label="In which words"
        description="kept as proof"
        required
        autosize
        value={value.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
        error={fieldProblem(error, 'text')}
      />
    </>
  )
}
