import { SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getAll } from '../../api/client.ts'
import { useMessageForm } from './message-form.ts'

export interface MediaSource {
  id?: string | undefined
  link?: string | undefined
  library?: string | undefined
}
type By = keyof MediaSource
interface Props {
  label: string
  value: MediaSource | undefined
  path: string
  onChange(value: MediaSource): void
  /** Templates take no file of the library. */
  mayLibrary?: boolean
}

const ways: Record<By, string> = { link: 'Address', id: 'WhatsApp’s id', library: 'Media library' }

/** A file by its address, by the id that WhatsApp gave it, or out of the media library. */
export function MediaInput({ label, value, path, onChange, mayLibrary = false }: Props) {
  const { problemAt } = useMessageForm()
  const given = (Object.keys(ways) as By[]).find((way) => value?.[way] !== undefined)
  const [by, setBy] = useState<By>(given ?? 'link')
  const error = problemAt(`${path}.${by}`) ?? problemAt(path)
  return (
    <Stack gap={4} align="stretch">
      <SegmentedControl
        size="xs"
        aria-label={`${label}: from where`}
        value={by}
        onChange={(way) => {
          setBy(way)
          onChange({})
        }}
        data={(Object.keys(ways) as By[])
          .filter((way) => way !== 'library' || mayLibrary)
          .map((way) => ({ value: way, label: ways[way] }))}
        style={{ alignSelf: 'flex-start' }}
      />
      {by === 'library' ? (
        <LibraryChoice label={label} value={value?.library} error={error} onChange={onChange} />
      ) : (
        <TextInput
          label={label}
          required
          placeholder={by === 'link' ? 'https://…' : undefined}
          value={value?.[by] ?? ''}
          error={error}
          onChange={(event) => onChange({ [by]: event.currentTarget.value || undefined })}
        />
      )}
    </Stack>
  )
}

interface LibraryProps {
  label: string
  value: string | undefined
  error: string | undefined
  onChange(value: MediaSource): void
}

function LibraryChoice({ label, value, error, onChange }: LibraryProps) {
  const { data = [] } = useQuery({
    queryKey: ['choices', '/media'],
    queryFn: () => getAll<Record<string, string>>('/media'),
    staleTime: 30_000,
  })
  return (
    <Select
      label={label}
      required
      searchable
      placeholder={data.length === 0 ? 'The library is empty' : 'Choose a file'}
      data={data.map(({ id = '', name = id }) => ({ value: id, label: name }))}
      value={value ?? null}
      error={error}
      onChange={(library) => onChange(library === null ? {} : { library })}
    />
  )
}
