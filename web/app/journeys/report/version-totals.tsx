import { useQuery } from '@tanstack/react-query'
import { getAll } from '../../api/client.ts'
import type { ReportTotals } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayShare } from '../../ui/words.ts'
import type { Asked } from './asked.ts'
import { CsvLink } from './csv-link.tsx'
import { ReportTable } from './report-table.tsx'

type Row = ReportTotals & { version: number; publishedAt: string }

/** The same figures, version by version, where there is more than one. */
export function VersionTotals({ journeyId, asked, csv }: { journeyId: string; asked: Asked; csv: string }) {
  const versions = useQuery({
    queryKey: ['journeys', 'report', journeyId, 'versions', asked],
    queryFn: () => getAll<Row>(`/journeys/${journeyId}/report/versions`, { ...asked }),
    refetchInterval: 10_000,
  })
  if (versions.error) return <ProblemNotice error={versions.error} />
  if (!versions.data || versions.data.length < 2) return null
  return (
    <Card title="Versions" action={<CsvLink href={csv} what="versions" />}>
      <ReportTable
        label="Versions"
        rows={versions.data.map((row) => ({
          ...row,
          key: String(row.version),
          title: `Version ${row.version}`,
        }))}
        columns={{
          Entered: ({ entered }) => entered,
          'Moved in': ({ movedIn }) => movedIn,
          'Moved out': ({ movedOut }) => movedOut,
          'Inside now': ({ inside }) => inside,
          Completed: ({ completed, completionRate }) => `${completed} (${sayShare(completionRate)})`,
          Goal: ({ goalReached, goalRate }) => `${goalReached} (${sayShare(goalRate)})`,
          Failed: ({ failed }) => failed,
        }}
      />
    </Card>
  )
}
