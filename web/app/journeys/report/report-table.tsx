import { Table, Text } from '@mantine/core'

interface Props<Row> {
  label: string
  rows: Row[]
  columns: Record<string, (row: Row) => string | number>
}

/** Figures by card. */
export function ReportTable<Row extends { key: string; title: string | null }>({
  label,
  rows,
  columns,
}: Props<Row>) {
  return (
    <Table.ScrollContainer minWidth={620} type="native">
      <Table aria-label={label} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Card</Table.Th>
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
                <Table.Td key={name}>{cell(row).toLocaleString()}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
