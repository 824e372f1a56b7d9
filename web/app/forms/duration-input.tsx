import type { Duration } from '../../../src/model/schedule.ts'
import { DurationField } from './duration-field.tsx'

interface Props<T> {
  label: string
  description?: string
  value: T
  error: string | undefined
  onChange(value: T): void
}

/** `4 hours`. */
export function DurationInput(props: Props<Duration>) {
  return <OptionalDuration {...props} isRequired onChange={(given) => given && props.onChange(given)} />
}

/** The same; nothing where it may be left out. */
export function OptionalDuration({
  label,
  description,
  value,
  error,
  isRequired = false,
  onChange,
}: Props<Duration | undefined> & { isRequired?: boolean }) {
  return (
    <DurationField
      schema={description === undefined ? {} : { description }}
      label={label}
      isRequired={isRequired}
      value={value}
      path=""
      problemAt={(path) => (path === '' ? error : undefined)}
      onChange={(given) => onChange(given as Duration | undefined)}
      renderPart={() => null}
    />
  )
}
