import { SimpleGrid, TextInput } from '@mantine/core'
import { fieldProblem } from '../../ui/states.tsx'

export interface Profile {
  username: string
  firstName: string
  lastName: string
  email: string
}

interface Props {
  value: Profile
  onChange(value: Profile): void
  error: unknown
}

const fields: [keyof Profile, string][] = [
  ['username', 'User name'],
  ['email', 'Email'],
  ['firstName', 'First name'],
  ['lastName', 'Last name'],
]

export function ProfileFields({ value, onChange, error }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {fields.map(([name, label]) => (
        <TextInput
          key={name}
          label={label}
          required={name === 'username'}
          autoComplete="off"
          value={value[name]}
          error={fieldProblem(error, name)}
          onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
        />
      ))}
    </SimpleGrid>
  )
}
