import { InstantField } from './time-fields.tsx'

interface Props {
  label: string
  value: string | undefined
  error: string | undefined
  onChange(value: string | undefined): void
}

/** An instant, in the time zone of whoever looks at it. */
export function InstantInput({ label, value, error, onChange }: Props) {
  return (
    <InstantField
      schema={{}}
      label={label}
      isRequired
      value={value}
      path=""
      problemAt={() => error}
      onChange={(given) => onChange(typeof given === 'string' ? given : undefined)}
      renderPart={() => null}
    />
  )
}
