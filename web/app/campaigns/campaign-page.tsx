import { Anchor, Badge, Tabs, Text } from '@mantine/core'
import { Link, useNavigate, useParams } from 'react-router'
import type { Campaign } from '../api/campaign-shapes.ts'
import { useNumbers } from '../journeys/name-and-number.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { CampaignMenu } from './campaign-menu.tsx'
import { campaignColors, kindWords } from './campaign-words.ts'
import { CampaignLevers } from './campaign-levers.tsx'
import { Composer } from './composer/composer.tsx'
import { RunsTab } from './runs-tab.tsx'
import { useCampaign } from './use-campaign.ts'

/** A draft is composed; what has been launched shows its runs first. */
export function CampaignPage() {
  const { id = '' } = useParams()
  const campaign = useCampaign(id)
  if (campaign.isPending) return <Loading what="the campaign" />
  if (!campaign.data) return <ProblemNotice error={campaign.error} onRetry={() => void campaign.refetch()} />
  return <Shown key={id} campaign={campaign.data} />
}

function Shown({ campaign }: { campaign: Campaign }) {
  const { id, name, kind, state, numberId } = campaign
  const { tab } = useParams()
  const navigate = useNavigate()
  const number = useNumbers().data?.find((each) => each.id === numberId)
  const isLaunched = state !== 'draft' || campaign.runs > 0
  const shown = isLaunched && tab !== 'compose' ? 'runs' : 'compose'
  return (
    <>
      <Anchor component={Link} to="/campaigns" size="sm">
        ← Campaigns
      </Anchor>
      <PageTitle title={name}>
        <Badge variant="light" color={campaignColors[state]} size="lg">
          {state}
        </Badge>
        <CampaignLevers campaign={campaign} />
        <CampaignMenu campaign={campaign} />
      </PageTitle>
      <Text size="sm" c="dimmed" mt={-12} mb="md">
        {kindWords[kind].title} campaign{number && ` from +${number.displayNumber}`}
      </Text>
      {isLaunched ? (
        <Tabs
          value={shown}
          onChange={(value) => void navigate(`/campaigns/${id}/${value}`)}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="runs">Runs</Tabs.Tab>
            <Tabs.Tab value="compose">{kind === 'one-time' ? 'The next run' : 'What it does'}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="runs">
            <RunsTab campaign={campaign} />
          </Tabs.Panel>
          <Tabs.Panel value="compose">
            <Composer campaign={campaign} />
          </Tabs.Panel>
        </Tabs>
      ) : (
        <Composer campaign={campaign} />
      )}
    </>
  )
}
