import {
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getAll } from '../api/client.ts'
import type { Segment } from '../api/shapes.ts'
import { fieldProblem } from '../ui/states.tsx'
import { TagPicker } from '../ui/tag-picker.tsx'
import type { Mapping } from './mapping.ts'

interface Props {
  mapping: Mapping
  onChange(mapping: Mapping): void
  error: unknown
}

export function MappingOptions({ mapping, onChange, error }: Props) {
  const set = (change: Partial<Mapping>) => onChange({ ...mapping, ...change })
  const segments = useQuery({
    queryKey: ['segments', 'static'],
    queryFn: () => getAll<Segment>('/segments', { kind: 'static' }),
  })
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Country of numbers without a country code"
          description="two letters, like IN or DE"
          maxLength={2}
          value={mapping.defaultCountry ?? ''}
          onChange={(event) => set({ defaultCountry: event.currentTarget.value.toUpperCase() })}
          error={fieldProblem(error, 'defaultCountry')}
        />
        <Select
          label="Contacts who are known already"
          description="by phone number, external id or what names them"
          allowDeselect={false}
          data={[
            { value: 'update', label: 'are updated' },
            { value: 'skip', label: 'stay as they are' },
          ]}
          value={mapping.existing}
          onChange={(existing) => set({ existing: existing === 'skip' ? 'skip' : 'update' })}
        />
        <Select
          label="Empty cells"
          allowDeselect={false}
          data={[
            { value: 'leave', label: 'change nothing' },
            { value: 'clear', label: 'empty the attribute' },
          ]}
          value={mapping.emptyCells}
          onChange={(emptyCells) => set({ emptyCells: emptyCells === 'clear' ? 'clear' : 'leave' })}
        />
        <TagPicker
          label="Tags for everybody in the file"
          value={mapping.tags}
          onChange={(tags) => set({ tags })}
          error={fieldProblem(error, 'tags')}
        />
        <MultiSelect
          label="Put everybody into static segments"
          data={segments.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={mapping.segmentIds}
          onChange={(segmentIds) => set({ segmentIds })}
          nothingFoundMessage="There is no static segment yet"
        />
      </SimpleGrid>
      <ConsentOption mapping={mapping} onChange={onChange} error={error} />
      <JourneyOption mapping={mapping} onChange={onChange} error={error} />
    </Stack>
  )
}

function ConsentOption({ mapping, onChange, error }: Props) {
  const { consent } = mapping
  const set = (change: Partial<NonNullable<typeof consent>>) =>
    onChange({ ...mapping, consent: { category: 'marketing', source: '', ...consent, ...change } })
  return (
    <Stack gap="xs">
      <Checkbox
        label="They agreed to be written to"
        description="everybody in the file, or as the opt-in column says when one is chosen"
        checked={consent !== undefined}
        onChange={(event) =>
          event.currentTarget.checked ? set({}) : onChange({ ...mapping, consent: undefined })
        }
      />
      {consent && (
        <Group align="flex-start" pl="xl">
          <Select
            label="About"
            data={['marketing', 'utility', 'authentication', 'all']}
            allowDeselect={false}
            value={consent.category}
            onChange={(category) => set({ category: category ?? 'marketing' })}
            w={160}
          />
          <TextInput
            label="Where"
            placeholder="e.g. web form"
            required
            value={consent.source}
            onChange={(event) => set({ source: event.currentTarget.value })}
            error={fieldProblem(error, 'source')}
          />
          <TextInput
            label="In which words"
            value={consent.text ?? ''}
            onChange={(event) => set({ text: event.currentTarget.value })}
            style={{ flex: 1 }}
          />
        </Group>
      )}
    </Stack>
  )
}

function JourneyOption({ mapping, onChange }: Props) {
  const { journeys } = mapping
  return (
    <Stack gap="xs">
      <Checkbox
        label="Start the journeys that an import starts"
        checked={journeys !== undefined}
        onChange={(event) =>
          onChange({
            ...mapping,
            journeys: event.currentTarget.checked ? { for: 'changed', ratePerMinute: 60 } : undefined,
          })
        }
      />
      {journeys && (
        <Group pl="xl">
          <Select
            label="For whom"
            allowDeselect={false}
            data={[
              { value: 'created', label: 'new contacts' },
              { value: 'changed', label: 'new and updated contacts' },
              { value: 'all', label: 'everybody in the file' },
            ]}
            value={journeys.for}
            onChange={(chosen) =>
              onChange({ ...mapping, journeys: { ...journeys, for: chosen as typeof journeys.for } })
            }
          />
          <NumberInput
            label="At most, a minute"
            min={1}
            max={60_000}
            allowDecimal={false}
            value={journeys.ratePerMinute}
            onChange={(rate) =>
              onChange({ ...mapping, journeys: { ...journeys, ratePerMinute: Number(rate) || 1 } })
            }
            w={160}
          />
        </Group>
      )}
    </Stack>
  )
}
