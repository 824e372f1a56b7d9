import { Alert, Button, Checkbox, Group, List, Modal, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import type { JourneyTemplate } from '../api/journey-shapes.ts'
import { useSegmentNames } from '../api/vocabulary.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { NameAndNumber } from './name-and-number.tsx'

interface Installed {
  journeyId: string
  missing: Record<'events' | 'attributes' | 'templates' | 'segments', string[]>
}
const missingWords: Record<keyof Installed['missing'], string> = {
  events: 'Event types to declare',
  attributes: 'Attributes to declare',
  templates: 'WhatsApp templates to have approved',
  segments: 'Segments to choose',
}

/** Makes a draft journey of a template, and says what must be there before it can run. */
export function InstallDialog({ template, onClose }: { template: JourneyTemplate; onClose(): void }) {
  const [installed, setInstalled] = useState<Installed>()
  return (
    <Modal opened onClose={onClose} title={`Install ${template.title}`} size="lg">
      {installed ? (
        <Missing installed={installed} />
      ) : (
        <InstallForm template={template} onClose={onClose} onInstalled={setInstalled} />
      )}
    </Modal>
  )
}

interface FormProps {
  template: JourneyTemplate
  onClose(): void
  onInstalled(installed: Installed): void
}

function InstallForm({ template, onClose, onInstalled }: FormProps) {
  const [name, setName] = useState(template.title)
  const [numberId, setNumberId] = useState('')
  const [declare, setDeclare] = useState(true)
  const [segments, setSegments] = useState<Record<string, string>>({})
  const client = useQueryClient()
  const navigate = useNavigate()
  const install = useMutation({
    mutationFn: () =>
      api.post<Installed>(`/journey-templates/${template.name}/install`, {
        ...{ numberId, name, declare },
        mapping: { segments },
      }),
    onSuccess: async (installed) => {
      await client.invalidateQueries({ queryKey: ['journeys', 'list'] })
      const isReady = Object.values(installed.missing).every(({ length }) => length === 0)
      if (isReady) await navigate(`/journeys/${installed.journeyId}`)
      else onInstalled(installed)
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        install.mutate()
      }}
    >
      <Stack>
        <Group align="flex-start">
          <NameAndNumber
            name={name}
            onName={setName}
            numberId={numberId}
            onNumber={setNumberId}
            error={install.error}
          />
        </Group>
        <SegmentChoices template={template} value={segments} onChange={setSegments} error={install.error} />
        <Checkbox
          label="Declare the events and attributes that are not there yet"
          checked={declare}
          onChange={(event) => setDeclare(event.currentTarget.checked)}
        />
        <ProblemNotice error={install.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={install.isPending}>
            Install
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface SegmentProps {
  template: JourneyTemplate
  value: Record<string, string>
  onChange(value: Record<string, string>): void
  error: unknown
}

function SegmentChoices({ template: { needs }, value, onChange, error }: SegmentProps) {
  const segments = useSegmentNames()
  return Object.entries(needs.segments).map(([id, words]) => (
    <Select
      key={id}
      label={`Segment: ${words}`}
      placeholder={segments.length === 0 ? 'There is no segment yet: choose one later' : 'Choose one'}
      clearable
      searchable
      data={segments.map((each) => ({ value: each.id, label: each.name }))}
      value={value[id] ?? null}
      error={fieldProblem(error, `segments.${id}`)}
      onChange={(chosen) => {
        const { [id]: _, ...rest } = value
        onChange(chosen === null ? rest : { ...rest, [id]: chosen })
      }}
    />
  ))
}

function Missing({ installed: { journeyId, missing } }: { installed: Installed }) {
  const navigate = useNavigate()
  const lines = Object.entries(missing) as [keyof Installed['missing'], string[]][]
  return (
    <Stack>
      <Alert color="yellow" title="It is installed; before it can run it needs">
        <List size="sm">
          {lines
            .filter(([, names]) => names.length > 0)
            .map(([what, names]) => (
              <List.Item key={what}>
                {missingWords[what]}: {names.join(', ')}
              </List.Item>
            ))}
        </List>
      </Alert>
      <Text size="sm">The journey is a draft: nothing is sent before you publish it.</Text>
      <Group justify="flex-end">
        <Button onClick={() => void navigate(`/journeys/${journeyId}`)}>Open the journey</Button>
      </Group>
    </Stack>
  )
}
