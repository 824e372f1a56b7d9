import { Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Rated, Reason, RunProgress, RunStatistics, Statistics } from '../../api/report-shapes.ts'
import { api } from '../../api/client.ts'
import { ReportTable } from '../../journeys/report/report-table.tsx'
import { Result } from '../../journeys/report/experiments.tsx'
import { Card } from '../../ui/card.tsx'
import { Counts } from '../../ui/counts.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayNumber, sayShare } from '../../ui/words.ts'
import { sayAmounts } from '../campaign-words.ts'
import { HeldOut } from './held-out.tsx'
import { lookAgainMs } from './look-again.ts'

/** What became of the messages. */
export function RunStatisticsCards({ run, hasConversion }: { run: RunProgress; hasConversion: boolean }) {
  const statistics = useQuery({
    queryKey: ['campaigns', 'run', run.id, 'statistics'],
    queryFn: () => api.get<RunStatistics>(`/campaign-runs/${run.id}/statistics`),
    refetchInterval: () => lookAgainMs(run, 2_000),
  })
  const { data } = statistics
  if (statistics.isPending) return <Loading what="the statistics" />
  if (!data) return <ProblemNotice error={statistics.error} onRetry={() => void statistics.refetch()} />
  return (
    <>
      <Outcomes statistics={data} hasConversion={hasConversion} />
      <Reasons title="Could not be sent" reasons={data.failures} />
      <Reasons title="Left out" reasons={[...data.leftOut, ...data.skipped]} />
      {data.holdOut && hasConversion && <HeldOut statistics={data} holdOut={data.holdOut} />}
      {data.variants.length > 1 && (
        <Variants statistics={data} winner={run.winner} hasConversion={hasConversion} />
      )}
    </>
  )
}

function Outcomes({ statistics, hasConversion }: { statistics: RunStatistics; hasConversion: boolean }) {
  const { rates, failed, unknown, notOnWhatsApp, conversionValue } = statistics
  const withRate = (name: Rated): [string, number] => [
    `${name} (${sayShare(rates[name].rate)})`,
    statistics[name],
  ]
  return (
    <Card title="What came of it">
      <Counts
        counts={[
          ['sent', statistics.sent],
          ...(['delivered', 'read', 'clicked', 'replied'] as const).map(withRate),
          ['could not be sent', failed, failed > 0 ? 'red' : undefined],
          ['not on WhatsApp', notOnWhatsApp],
          ['not known whether it arrived', unknown, unknown > 0 ? 'yellow.9' : undefined],
          ...(hasConversion ? [withRate('converted')] : []),
          ...(conversionValue > 0
            ? ([['value of the conversions', conversionValue]] as [string, number][])
            : []),
          ['cost', sayAmounts(statistics.cost)],
        ]}
      />
    </Card>
  )
}

function Reasons({ title, reasons }: { title: string; reasons: Reason[] }) {
  if (reasons.length === 0) return null
  return (
    <Card title={title}>
      <Table verticalSpacing={4} aria-label={title}>
        <Table.Tbody>
          {reasons.map(({ words, code, count }) => (
            <Table.Tr key={code}>
              <Table.Td>
                {words}
                {/^\d+$/.test(code) && (
                  <Text span size="sm" c="dimmed">
                    {' '}
                    · {code}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">{sayNumber(count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}

interface VariantsProps {
  statistics: RunStatistics
  winner: string | null
  hasConversion: boolean
}

function Variants({ statistics: { variants }, winner, hasConversion }: VariantsProps) {
  return (
    <Card title="Variants">
      <StatisticsTable
        label="Variants"
        each="Variant"
        hasConversion={hasConversion}
        rows={variants.map((row) => ({
          ...row,
          key: row.variant,
          title: row.variant === winner ? `${row.variant}, the winner` : row.variant,
        }))}
      />
    </Card>
  )
}

interface TableProps {
  label: string
  each: string
  rows: (Statistics & { key: string; title: string })[]
  hasConversion: boolean
}

/** Side by side, each against the first. */
export function StatisticsTable({ label, each, rows, hasConversion }: TableProps) {
  const withRate = (name: Rated) => (row: Statistics) => (
    <Stack gap={2} align="flex-start">
      <Text size="sm">{sayNumber(row[name])}</Text>
      <Result result={row.rates[name]} />
    </Stack>
  )
  return (
    <ReportTable
      label={label}
      each={each}
      minWidth={900}
      rows={rows}
      columns={{
        Sent: ({ sent }) => sent,
        Delivered: withRate('delivered'),
        Read: withRate('read'),
        Clicked: withRate('clicked'),
        Replied: withRate('replied'),
        ...(hasConversion && { Converted: withRate('converted') }),
        Failed: ({ failed }) => failed,
        Cost: ({ cost }) => sayAmounts(cost),
      }}
    />
  )
}
