import { Anchor, Badge, Stack, Table, Text } from '@mantine/core'
import { Link } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { Import } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayCount } from '../ui/words.ts'
import { ListTable } from '../ui/list-table.tsx'
import { stateColors, stateWords } from './import-state.ts'
import { UploadBox } from './upload-box.tsx'

export function ImportsPage() {
  const imports = usePages(['imports'], (cursor) => api.get<Page<Import>>('/imports', { cursor, limit: 30 }))
  return (
    <>
      <PageTitle title="Imports" />
      <Stack>
        <UploadBox />
        <ProblemNotice error={imports.error} onRetry={() => void imports.refetch()} />
        {imports.isPending && <Loading what="imports" />}
        {imports.isSuccess && imports.items.length === 0 && (
          <Empty title="Nothing was imported yet">
            <Text c="dimmed" ta="center">
              Choose a CSV file above. You see what becomes of each column before anything is stored.
            </Text>
          </Empty>
        )}
        {imports.items.length > 0 && <ImportTable imports={imports.items} />}
        <MoreButton pages={imports} />
      </Stack>
    </>
  )
}

function ImportTable({ imports }: { imports: Import[] }) {
  return (
    <ListTable label="Imports">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>File</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Rows</Table.Th>
          <Table.Th visibleFrom="sm">Uploaded</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {imports.map(({ id, name, state, progress, createdAt }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Anchor component={Link} to={`/imports/${id}`} fw={500} size="sm">
                {name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={stateColors[state]}>
                {stateWords[state]}
              </Badge>
            </Table.Td>
            <Table.Td>{progress.rowsRead > 0 ? sayCount(progress.rowsRead, 'row') : '–'}</Table.Td>
            <Table.Td visibleFrom="sm">{sayAgo(createdAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ListTable>
  )
}
