import { Select } from '@mantine/core'

const zones = Intl.supportedValuesOf('timeZone')

interface Props {
  label: string
  description?: string
  value: string
  onChange(zone: string): void
  error?: string | undefined
}

export function ZoneSelect({ value, onChange, ...props }: Props) {
  const known = zones.includes(value) || value === '' ? zones : [value, ...zones]
  return (
    <Select
      {...props}
      searchable
      allowDeselect={false}
      data={known.includes('UTC') ? known : ['UTC', ...known]}
      value={value || null}
      onChange={(zone) => onChange(zone ?? 'UTC')}
      limit={60}
      maw={280}
    />
  )
}
