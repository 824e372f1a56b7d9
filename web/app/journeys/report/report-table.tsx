import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props<Row> {
  label: string
  /** What each row is about. */
  each?: string
  rows: Row[]
  /** Of the table, which scrolls where there is less room. */
  minWidth?: number
  columns: Record<string, (row: Row) => ReactNode>
}

/** Figures by card, or by something else. */
export function ReportTable<Row extends { key: string; title: string | null }>({
  label,
  each = 'Card',
  minWidth = 620,
  rows,
  columns,
}: Props<Row>) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native">
      <Table aria-label={label} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{each}</Table.Th>
            {Object.keys(columns).map((name) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Td>
                <Text size="sm" fw={500}>
                  {row.title ?? row.key}
                </Text>
              </Table.Td>
              {Object.entries(columns).map(([name, cell]) => (
                <Table.Td key={name}>{sayCell(cell(row))}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function sayCell(cell: ReactNode): ReactNode {
  return typeof cell === 'number' ? cell.toLocaleString() : cell
}
