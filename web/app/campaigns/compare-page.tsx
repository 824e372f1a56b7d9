import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import type { Compared } from '../api/report-shapes.ts'
import { api } from '../api/client.ts'
import { Card } from '../ui/card.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { StatisticsTable } from './run/run-statistics.tsx'

/** Several campaigns side by side. */
export function ComparePage() {
  const [params] = useSearchParams()
  const ids = params.get('ids') ?? ''
  const compared = useQuery({
    queryKey: ['campaigns', 'compare', ids],
    queryFn: () => api.get<{ items: Compared[] }>('/campaigns/compare', { ids }),
    enabled: ids !== '',
  })
  return (
    <>
      <Anchor component={Link} to="/campaigns" size="sm">
        ← Campaigns
      </Anchor>
      <PageTitle title="Campaigns compared" />
      {ids === '' && (
        <Empty title="Nothing to compare">
          <Text c="dimmed" ta="center">
            Tick two or more campaigns in the list.
          </Text>
          <Button component={Link} to="/campaigns">
            Choose campaigns
          </Button>
        </Empty>
      )}
      <ProblemNotice error={compared.error} onRetry={() => void compared.refetch()} />
      {ids !== '' && compared.isPending && <Loading what="the campaigns" />}
      {compared.data && (
        <Stack>
          <Card title="Side by side">
            <StatisticsTable
              label="Campaigns compared"
              each="Campaign"
              hasConversion={compared.data.items.some(({ converted }) => converted > 0)}
              rows={compared.data.items.map((row) => ({ ...row, key: row.campaignId, title: row.name }))}
            />
          </Card>
        </Stack>
      )}
    </>
  )
}
