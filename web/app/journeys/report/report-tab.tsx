import { Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll } from '../../api/client.ts'
import type {
  Journey,
  ReportCard,
  ReportExperiment,
  ReportMessage,
  ReportTotals,
} from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Counts } from '../../ui/counts.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'
import { saySpan, sayShare } from '../../ui/words.ts'
import { useVersions } from '../use-journey.ts'
import type { Asked } from './asked.ts'
import { CsvLink } from './csv-link.tsx'
import { Experiments } from './experiments.tsx'
import { ReportTable } from './report-table.tsx'
import { VersionTotals } from './version-totals.tsx'

/** What became of those who came, of their messages, and which path does better. */
export function ReportTab({ journey: { id } }: { journey: Journey }) {
  const [asked, setAsked] = useState<Asked>({ version: '', from: '', to: '' })
  const path = `/journeys/${id}/report`
  const query = <T,>(name: string, queryFn: () => Promise<T>) => ({
    queryKey: ['journeys', 'report', id, name, asked],
    queryFn,
    refetchInterval: 10_000,
  })
  const totals = useQuery(query('', () => api.get<ReportTotals>(path, { ...asked })))
  const cards = useQuery(query('cards', () => getAll<ReportCard>(`${path}/cards`, { ...asked })))
  const messages = useQuery(query('messages', () => getAll<ReportMessage>(`${path}/messages`, { ...asked })))
  const tests = useQuery(
    query('experiments', () => getAll<ReportExperiment>(`${path}/experiments`, { ...asked })),
  )
  const csvOf = (name: string) => api.address(`${path}/${name}/csv${csvQuery(asked)}`)
  return (
    <Stack>
      <Choices journeyId={id} asked={asked} onChange={setAsked} error={totals.error} />
      <ProblemNotice error={totals.error ?? cards.error ?? messages.error ?? tests.error} />
      {totals.isPending && <Loading what="the report" />}
      {totals.data && <Totals totals={totals.data} csv={csvOf('days')} />}
      <VersionTotals journeyId={id} asked={asked} csv={csvOf('versions')} />
      {cards.data && cards.data.length > 0 && <Cards cards={cards.data} csv={csvOf('cards')} />}
      {messages.data && messages.data.length > 0 && (
        <Messages messages={messages.data} csv={csvOf('messages')} />
      )}
      {tests.data && tests.data.length > 0 && (
        <Experiments experiments={tests.data} csv={csvOf('experiments')} />
      )}
    </Stack>
  )
}

function csvQuery(asked: Asked): string {
  const given = Object.entries(asked).filter(([, value]) => value !== '')
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}

interface ChoiceProps {
  journeyId: string
  asked: Asked
  onChange(asked: Asked): void
  error: unknown
}

function Choices({ journeyId, asked, onChange, error }: ChoiceProps) {
  const versions = useVersions(journeyId).data ?? []
  return (
    <Group gap="xs" align="flex-end">
      <Select
        label="Version"
        placeholder="All versions"
        clearable
        data={versions.map(({ number }) => ({ value: String(number), label: `Version ${number}` }))}
        value={asked.version || null}
        onChange={(version) => onChange({ ...asked, version: version ?? '' })}
        w={150}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          label={end === 'from' ? 'First day' : 'Last day'}
          type="date"
          value={asked[end]}
          error={fieldProblem(error, end)}
          onChange={(event) => onChange({ ...asked, [end]: event.currentTarget.value })}
          w={160}
        />
      ))}
    </Group>
  )
}

function Totals({ totals, csv }: { totals: ReportTotals; csv: string }) {
  const troubles = totals.failed + totals.cancelled
  return (
    <Card title="Everybody" action={<CsvLink href={csv} what="day by day" />}>
      <Stack>
        <Counts
          counts={[
            ['entered', totals.entered],
            ['inside now', totals.inside],
            [`completed (${sayShare(totals.completionRate)})`, totals.completed],
            [`reached the goal (${sayShare(totals.goalRate)})`, totals.goalReached],
            ['left on the way', totals.exited],
            ['failed or cancelled', troubles, troubles > 0 ? 'red' : undefined],
          ]}
        />
        {totals.reasons.length > 0 && (
          <Table verticalSpacing={4} aria-label="Why runs ended">
            <Table.Tbody>
              {totals.reasons.slice(0, 12).map(({ state, reason, count }) => (
                <Table.Tr key={state + reason}>
                  <Table.Td c="dimmed" w={110}>
                    {state}
                  </Table.Td>
                  <Table.Td>{reason || 'without a reason'}</Table.Td>
                  <Table.Td ta="right">{count.toLocaleString()}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {totals.entered + totals.restarted === 0 && (
          <Text c="dimmed">Nobody has entered in this time. Publish the journey, or choose other days.</Text>
        )}
      </Stack>
    </Card>
  )
}

function Cards({ cards, csv }: { cards: ReportCard[]; csv: string }) {
  return (
    <Card title="Cards" action={<CsvLink href={csv} what="cards" />}>
      <ReportTable
        label="Cards"
        rows={cards.map((card) => ({ ...card, key: card.cardId }))}
        columns={{
          Entered: ({ entered }) => entered,
          'Here now': ({ waiting }) => waiting,
          'Went on by': ({ left }) => left.map(({ label, count }) => `${label} ${count}`).join(', '),
          'Ended here': ({ ended }) => ended,
          Failed: ({ failed }) => failed.map(({ code, count }) => `${code} ${count}`).join(', '),
          'Usual stay': ({ medianMs }) => (medianMs === null ? '–' : saySpan(medianMs)),
        }}
      />
    </Card>
  )
}

function Messages({ messages, csv }: { messages: ReportMessage[]; csv: string }) {
  return (
    <Card title="Messages" action={<CsvLink href={csv} what="messages" />}>
      <ReportTable
        label="Messages"
        rows={messages.map((message) => ({ ...message, key: message.cardId }))}
        columns={{
          Sent: ({ sent }) => sent,
          Delivered: (row) => `${row.delivered} (${sayShare(row.deliveredRate)})`,
          Read: (row) => `${row.read} (${sayShare(row.readRate)})`,
          Clicked: (row) => `${row.clicked} (${sayShare(row.clickedRate)})`,
          Replied: (row) => `${row.replied} (${sayShare(row.repliedRate)})`,
          'Not sent': ({ failed }) => failed.map(({ code, count }) => `${code} ${count}`).join(', '),
        }}
      />
    </Card>
  )
}
