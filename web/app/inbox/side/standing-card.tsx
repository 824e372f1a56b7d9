import { Table } from '@mantine/core'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { sayTime } from '../../ui/words.ts'
import { priorityWords, sayAssignee, statusWords } from '../inbox-words.ts'

/** How the conversation stands. */
export function StandingCard({ conversation }: { conversation: Conversation }) {
  const { status, assignee, priority, episode, waitingSince, snoozedUntil, floorWorkflowId } = conversation
  const rows: [string, string | null][] = [
    ['Status', statusWords[status].title],
    ['Snoozed until', snoozedUntil && sayTime(snoozedUntil)],
    ['Assigned to', sayAssignee(assignee)],
    ['Priority', priority > 0 ? (priorityWords[priority] ?? null) : null],
    ['Open since', episode && sayTime(episode.openedAt)],
    ['First answer', episode?.firstResponseAt ? sayTime(episode.firstResponseAt) : null],
    ['Waits since', waitingSince && sayTime(waitingSince)],
    ['Answered by', floorWorkflowId?.startsWith('journey/') ? 'a journey that waits for a reply' : null],
  ]
  return (
    <Card title="Conversation">
      <Table verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {rows
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th w={110} fw={400} c="dimmed" scope="row">
                  {name}
                </Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
