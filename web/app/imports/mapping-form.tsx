import { Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ApiProblem } from '../api/client.ts'
import type { Import, ImportColumn } from '../api/shapes.ts'
import { useAttributes } from '../api/vocabulary.ts'
import { Card } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/states.tsx'
import { columnOf, finishMapping, optionOf, startMapping, targetOptions } from './mapping.ts'
import { MappingOptions } from './mapping-options.tsx'

interface Props {
  import_: Import
  suggestion: ImportColumn[] | undefined
}

/** What the columns become. Starting it, for good or as a check, saves it. */
export function MappingForm({ import_, suggestion }: Props) {
  const [mapping, setMapping] = useState(() => startMapping(import_, suggestion))
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: async (dryRun: boolean) => {
      await api.put(`/imports/${import_.id}/mapping`, finishMapping(mapping))
      await api.post(`/imports/${import_.id}/start`, { dryRun })
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  })
  const setColumn = (at: number, column: ImportColumn) =>
    setMapping({ ...mapping, columns: mapping.columns.with(at, column) })
  return (
    <>
      <Card title="Columns">
        <ColumnTable import_={import_} columns={mapping.columns} onChange={setColumn} error={start.error} />
      </Card>
      <Card title="Options">
        <MappingOptions mapping={mapping} onChange={setMapping} error={start.error} />
      </Card>
      <ProblemNotice error={start.error} />
      <Group>
        <Button
          variant={import_.state === 'checked' ? 'default' : 'filled'}
          loading={start.isPending}
          onClick={() => start.mutate(true)}
        >
          Check without storing
        </Button>
        <Button
          variant={import_.state === 'checked' ? 'filled' : 'default'}
          loading={start.isPending}
          onClick={() => start.mutate(false)}
        >
          Start the import
        </Button>
      </Group>
    </>
  )
}

interface TableProps {
  import_: Import
  columns: ImportColumn[]
  onChange(at: number, column: ImportColumn): void
  error: unknown
}

function ColumnTable({ import_, columns, onChange, error }: TableProps) {
  const options = targetOptions(useAttributes())
  const samples = new Map(import_.columns.map((each) => [each.name, each.samples]))
  return (
    <Table.ScrollContainer minWidth={420} type="native">
      <Table aria-label="Columns" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>First values</Table.Th>
            <Table.Th w={260}>Becomes</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((each, at) => (
            <Table.Tr key={each.column}>
              <Table.Td fw={500}>{each.column}</Table.Td>
              <Table.Td className="app-cell">
                <Text size="sm" c="dimmed" component="span">
                  {samples.get(each.column)?.slice(0, 3).join(' · ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <Stack gap={2}>
                  <Select
                    aria-label={`${each.column} becomes`}
                    searchable
                    allowDeselect={false}
                    data={options}
                    value={optionOf(each)}
                    onChange={(option) => onChange(at, columnOf(each.column, String(option)))}
                    error={columnProblem(error, at)}
                  />
                </Stack>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function columnProblem(error: unknown, at: number): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined
  return error.fields.find(({ field }) => `${field}.`.startsWith(`columns.${at}.`))?.message
}
