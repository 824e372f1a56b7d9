import { Anchor, Badge, Button, Group, Tabs, Text } from '@mantine/core'
import { lazy, Suspense, type ComponentType } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { Journey } from '../api/journey-shapes.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { JourneyMenu } from './journey-menu.tsx'
import { stateColors } from './journey-words.ts'
import { useHolds, useJourney } from './use-journey.ts'

/** Each tab is a part of the app of its own: who looks at people does not load the flow's editor. */
const tabs: Record<string, { title: string; Component: ComponentType<{ journey: Journey }> }> = {
  flow: {
    title: 'Flow',
    Component: lazy(async () => ({ default: (await import('./flow/flow-tab.tsx')).FlowTab })),
  },
  report: {
    title: 'Report',
    Component: lazy(async () => ({ default: (await import('./report/report-tab.tsx')).ReportTab })),
  },
  people: {
    title: 'People',
    Component: lazy(async () => ({ default: (await import('./people/people-tab.tsx')).PeopleTab })),
  },
  versions: {
    title: 'Versions',
    Component: lazy(async () => ({ default: (await import('./versions/versions-tab.tsx')).VersionsTab })),
  },
  simulate: {
    title: 'Simulate',
    Component: lazy(async () => ({ default: (await import('./simulate/simulate-tab.tsx')).SimulateTab })),
  },
  pause: {
    title: 'Pause',
    Component: lazy(async () => ({ default: (await import('./pause/pause-tab.tsx')).PauseTab })),
  },
}

export function JourneyPage() {
  const { id = '' } = useParams()
  const journey = useJourney(id)
  if (journey.isPending) return <Loading what="the journey" />
  if (journey.error) return <ProblemNotice error={journey.error} onRetry={() => void journey.refetch()} />
  return <Shown key={id} journey={journey.data} />
}

function Shown({ journey }: { journey: Journey }) {
  const { tab = 'flow' } = useParams()
  const navigate = useNavigate()
  const shown = Object.hasOwn(tabs, tab) ? tab : 'flow'
  return (
    <>
      <Anchor component={Link} to="/journeys" size="sm">
        ← Journeys
      </Anchor>
      <PageTitle title={journey.name}>
        <StateBadge journey={journey} />
        <Button component={Link} to={`/journeys/${journey.id}/versions`} variant="light">
          Publish …
        </Button>
        <JourneyMenu journey={journey} />
      </PageTitle>
      <Tabs
        value={shown}
        onChange={(value) => void navigate(`/journeys/${journey.id}/${value}`)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {Object.entries(tabs).map(([value, { title }]) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(tabs).map(([value, { title, Component }]) => (
          <Tabs.Panel key={value} value={value}>
            <Suspense fallback={<Loading what={title} />}>
              <Component journey={journey} />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function StateBadge({ journey }: { journey: Journey }) {
  const holds = useHolds(journey).data ?? []
  const isStopped = holds.some(({ kind }) => kind === 'stop')
  const published = journey.publishedVersionId ? 'published' : 'draft'
  const state = isStopped ? 'stopped' : holds.length > 0 ? 'paused' : published
  return (
    <Group gap={6}>
      <Badge variant="light" color={stateColors[state]} size="lg">
        {state}
      </Badge>
      {holds.length > 0 && journey.publishedVersionId === null && (
        <Text size="sm" c="dimmed">
          not published
        </Text>
      )}
    </Group>
  )
}
