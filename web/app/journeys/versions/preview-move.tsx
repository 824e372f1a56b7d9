import { Alert, List, Stack, Table, Text } from '@mantine/core'
import type { MigrationPreview } from '../../api/journey-shapes.ts'
import { Counts } from '../../ui/counts.tsx'
import { sayCount } from '../../ui/words.ts'

/** What the plan does to whom, and who hears of it. Nothing has been sent. */
export function PreviewMove({ preview }: { preview: MigrationPreview }) {
  const { moves, stays, exits, problems, forecast } = preview
  return (
    <Stack gap="sm" className="app-group" component="section" aria-label="What would happen">
      <Counts
        counts={[
          ['go on in the new version', moves],
          ['stay', stays],
          ['leave', exits],
          ['would get stuck in a day', forecast.stuck, forecast.stuck > 0 ? 'red' : undefined],
        ]}
      />
      {problems.length > 0 && (
        <Alert color="red" title="The plan is not complete">
          <List size="sm">
            {problems.map(({ field, message }) => (
              <List.Item key={field}>{message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <ForecastWords forecast={forecast} />
    </Stack>
  )
}

/** Who hears of a move soon, beside who would without it. */
export function ForecastWords({ forecast }: Pick<MigrationPreview, 'forecast'>) {
  return (
    <>
      <Table aria-label="Who would be messaged" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Within</Table.Th>
            <Table.Th>People messaged</Table.Th>
            <Table.Th>Without the move</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {forecast.outlooks.map(({ minutes, people, messages, peopleAnyway }) => (
            <Table.Tr key={minutes}>
              <Table.Td>{minutes < 60 ? `${minutes} minutes` : sayCount(minutes / 60, 'hour')}</Table.Td>
              <Table.Td>
                {people.toLocaleString()} ({sayCount(messages, 'message')})
              </Table.Td>
              <Table.Td>{peopleAnyway.toLocaleString()}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {forecast.examples.length > 0 && (
        <List size="sm">
          {forecast.examples.slice(0, 5).map(({ runId, card, inMinutes, text }) => (
            <List.Item key={runId + card}>
              from {card}, in {sayCount(Math.round(inMinutes), 'minute')}: “{text}”
            </List.Item>
          ))}
        </List>
      )}
      {forecast.advice && <Alert color="yellow">{forecast.advice.words}</Alert>}
      <Text size="xs" c="dimmed">
        Reckoned from {sayCount(forecast.sampled, 'run')} where they stand now, as if nobody answered.
      </Text>
    </>
  )
}
