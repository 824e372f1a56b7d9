import { NumberInput, type NumberInputProps } from '@mantine/core'

interface Props
  extends Pick<NumberInputProps, 'label' | 'description' | 'min' | 'max' | 'error' | 'w' | 'maw'> {
  /** 0 to 1; shown in percent. */
  value: number
  onChange(share: number): void
}

export function ShareInput({ value, onChange, ...input }: Props) {
  return (
    <NumberInput
      min={0}
      max={100}
      {...input}
      value={Number((value * 100).toFixed(2))}
      onChange={(percent) => onChange(Number(percent) / 100)}
    />
  )
}
