import { Button, Group, List, Modal, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Migration, RollbackPreview } from '../../api/journey-shapes.ts'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayCount } from '../../ui/words.ts'
import { ForecastWords } from './preview-move.tsx'

/** Who goes back where, and who hears of it, before anybody is moved. */
export function RollBack({ path, onClose }: { path: string; onClose(): void }) {
  const client = useQueryClient()
  const preview = useQuery({
    queryKey: ['rollback', path],
    queryFn: () => api.post<RollbackPreview>(`${path}/rollback/preview`, {}),
    gcTime: 0,
  })
  const rollBack = useMutation({
    mutationFn: () => api.post<Migration>(`${path}/rollback`, {}),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['journeys', 'migrations'] })
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} size="lg" title="Bring people back">
      <Stack>
        {preview.isPending && <Loading what="what would happen" />}
        <ProblemNotice error={preview.error ?? rollBack.error} onRetry={() => void preview.refetch()} />
        {preview.data && <Foreseen preview={preview.data} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            disabled={!preview.data || preview.data.moves + preview.data.stays === 0}
            loading={rollBack.isPending}
            onClick={() => rollBack.mutate()}
          >
            Bring back {preview.data && sayCount(preview.data.moves, 'run')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Foreseen({ preview: { ways, staying, forecast } }: { preview: RollbackPreview }) {
  if (ways.length + staying.length === 0)
    return <Text>Nobody whom this move concerned is inside any more.</Text>
  return (
    <Stack gap="sm" component="section" aria-label="What would happen">
      {ways.length > 0 && (
        <Table aria-label="Who goes back where" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Stand now at</Table.Th>
              <Table.Th>Go back to</Table.Th>
              <Table.Th>Runs</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ways.map(({ version, card, toVersion, toCard, people }) => (
              <Table.Tr key={`${version} ${card} ${toVersion} ${toCard}`}>
                <Table.Td>
                  {card}, version {version}
                </Table.Td>
                <Table.Td>
                  {toCard}, version {toVersion}
                </Table.Td>
                <Table.Td>{people.toLocaleString()}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {staying.length > 0 && (
        <List size="sm">
          {staying.map(({ version, card, reason, people }) => (
            <List.Item key={`${version} ${card} ${reason}`}>
              {sayCount(people, 'run')} at {card}, version {version}: {people === 1 ? 'stays' : 'stay'}, for{' '}
              {reason}
            </List.Item>
          ))}
        </List>
      )}
      <ForecastWords forecast={forecast} />
    </Stack>
  )
}
