import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { getAll } from '../api/client.ts'
import { fieldProblem } from '../ui/states.tsx'

interface Props {
  name: string
  onName(name: string): void
  numberId: string
  onNumber(id: string): void
  error: unknown
  placeholder?: string
}

export function useNumbers() {
  return useQuery({
    queryKey: ['numbers'],
    queryFn: () => getAll<{ id: string; displayNumber: string }>('/numbers'),
    staleTime: 30_000,
  })
}

/** What a new journey is called, and the number that it writes from: the only one is chosen already. */
export function NameAndNumber({ name, onName, numberId, onNumber, error, placeholder }: Props) {
  const numbers = useNumbers().data ?? []
  const first = numbers[0]?.id
  useEffect(() => {
    if (numberId === '' && first !== undefined) onNumber(first)
  }, [numberId, first, onNumber])
  return (
    <>
      <TextInput
        label="Name"
        required
        placeholder={placeholder}
        value={name}
        onChange={(event) => onName(event.currentTarget.value)}
        error={fieldProblem(error, 'name')}
        style={{ flex: '1 1 14rem' }}
      />
      <Select
        label="Writes from"
        allowDeselect={false}
        data={numbers.map(({ id, displayNumber }) => ({ value: id, label: `+${displayNumber}` }))}
        value={numberId || null}
        onChange={(id) => onNumber(id ?? '')}
        error={fieldProblem(error, 'numberId')}
        w={190}
      />
    </>
  )
}
