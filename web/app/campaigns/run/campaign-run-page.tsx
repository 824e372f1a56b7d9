import { Anchor, Badge, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import type { RunProgress } from '../../api/report-shapes.ts'
import { api } from '../../api/client.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { runColors } from '../campaign-words.ts'
import { useCampaign } from '../use-campaign.ts'
import { Downloads } from './downloads.tsx'
import { FollowUps } from './follow-ups.tsx'
import { Recipients } from './recipients.tsx'
import { RunProgressCard } from './run-progress.tsx'
import { RunStatisticsCards } from './run-statistics.tsx'
import { RunTimeline } from './run-timeline.tsx'
import { WhyStopped } from './why-stopped.tsx'

/** How far a run is, what comes of it, and who got it. */
export function CampaignRunPage() {
  const { runId = '' } = useParams()
  const run = useQuery({
    queryKey: ['campaigns', 'run', runId],
    queryFn: () => api.get<RunProgress>(`/campaign-runs/${runId}`),
    refetchInterval: ({ state: { data } }) => (data?.endedAt ? 15_000 : 1_000),
  })
  if (run.isPending) return <Loading what="the run" />
  if (!run.data) return <ProblemNotice error={run.error} onRetry={() => void run.refetch()} />
  return <Shown run={run.data} />
}

function Shown({ run }: { run: RunProgress }) {
  const campaign = useCampaign(run.campaignId)
  const name = campaign.data?.name ?? '…'
  return (
    <>
      <Anchor component={Link} to={`/campaigns/${run.campaignId}/runs`} size="sm">
        ← {name}
      </Anchor>
      <PageTitle title={`${name}, run ${run.number}`}>
        <Badge variant="light" color={runColors[run.state]} size="lg">
          {run.state}
        </Badge>
      </PageTitle>
      <Stack>
        <WhyStopped run={run} numberId={campaign.data?.numberId} />
        <RunProgressCard run={run} kind={campaign.data?.kind} />
        <RunStatisticsCards run={run} hasConversion={campaign.data?.definition.conversion !== undefined} />
        <RunTimeline run={run} />
        <Recipients run={run} />
        <FollowUps run={run} />
        <Downloads run={run} />
      </Stack>
    </>
  )
}
