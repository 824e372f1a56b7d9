import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { RemoveButton } from '../forms/remove-button.tsx'
import { categories, type PriceLine } from './rate-card.ts'

interface Props {
  lines: PriceLine[]
  onChange(lines: PriceLine[]): void
}

const names = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })

/** A line a country: what is left empty has no price. */
export function PriceTable({ lines, onChange }: Props) {
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={640} type="native">
        <Table aria-label="Prices" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Country</Table.Th>
              {categories.map((category) => (
                <Table.Th key={category}>{category}</Table.Th>
              ))}
              <Table.Th aria-label="Remove" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line, at) => (
              <Line
                key={at}
                line={line}
                onChange={(changed) => onChange(lines.with(at, changed))}
                onRemove={() => onChange(lines.toSpliced(at, 1))}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group justify="space-between">
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => onChange([...lines, { country: '', prices: {} }])}
        >
          Add a country
        </Button>
        <Text size="sm" c="dimmed">
          * is every country that has no line of its own
        </Text>
      </Group>
    </Stack>
  )
}

function Line(props: { line: PriceLine; onChange(line: PriceLine): void; onRemove(): void }) {
  const { line, onChange, onRemove } = props
  const { country, prices } = line
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <TextInput
            aria-label="Country code"
            placeholder="IN"
            maxLength={2}
            value={country}
            onChange={(event) => onChange({ ...line, country: event.currentTarget.value.toUpperCase() })}
            w={64}
          />
          <Text size="sm" c="dimmed">
            {sayCountry(country)}
          </Text>
        </Group>
      </Table.Td>
      {categories.map((category) => (
        <Table.Td key={category}>
          <TextInput
            aria-label={`${country || 'New country'}, ${category}`}
            inputMode="decimal"
            placeholder="–"
            value={prices[category] ?? ''}
            onChange={(event) =>
              onChange({ ...line, prices: { ...prices, [category]: event.currentTarget.value } })
            }
            w={96}
          />
        </Table.Td>
      ))}
      <Table.Td>
        <RemoveButton what={country || 'the new country'} onClick={onRemove} />
      </Table.Td>
    </Table.Tr>
  )
}

function sayCountry(code: string): string {
  if (code === '*') return 'all others'
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? '') : ''
}
