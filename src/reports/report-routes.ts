import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { defineReport } from './define-report.ts'
import { rebuildReports } from './rebuild-reports.ts'
import { reportCards } from './report-cards.ts'
import { reportExperiments } from './report-experiments.ts'
import { reportMessages } from './report-messages.ts'
import { readReportQuery, reportQuery } from './report-query.ts'
import { reportDays, reportRuns, reportVersions } from './report-runs.ts'
import {
  cardView,
  dayView,
  experimentView,
  messageView,
  totalsView,
  versionTotalsView,
} from './report-views.ts'

const path = '/platform/v1/journeys/:id/report'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Reports', auth: 'key' } as const

const totals = defineRoute({
  ...{ ...base, method: 'get', path, summary: 'What became of the runs of a journey' },
  description: 'Counted as things happen: it costs the same after ten runs and after ten million.',
  input: { params, query: reportQuery },
  output: totalsView.extend({ journeyId: z.uuid(), name: z.string() }).meta({ id: 'JourneyReport' }),
  handle: async ({ deps, actor: { workspaceId }, params: { id }, query }) => {
    const { journey, filter } = await readReportQuery(deps, { workspaceId, journeyId: id, ...query })
    return { journeyId: id, name: journey.name, ...(await reportRuns(deps, filter)) }
  },
})

const rebuild = defineRoute({
  ...{ ...base, auth: 'admin', method: 'post', path: `${path}/rebuild`, status: 202 },
  summary: 'Count a journey anew from what was written down',
  description: 'Takes a while after millions of runs. Until it is done the reports are as they were.',
  input: { params },
  output: z.object({ journeyId: z.uuid() }),
  handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
    await getJourney(forkFor(deps.orm, workspaceId), id)
    deps.background.run('rebuilding reports', () => rebuildReports(deps, { workspaceId, journeyId: id }))
    return { journeyId: id }
  },
})

const runColumns = {
  entered: (row: { entered: number }) => row.entered,
  restarted: (row: { restarted: number }) => row.restarted,
  completed: (row: { completed: number }) => row.completed,
  exited: (row: { exited: number }) => row.exited,
  cancelled: (row: { cancelled: number }) => row.cancelled,
  failed: (row: { failed: number }) => row.failed,
  goal_reached: (row: { goalReached: number }) => row.goalReached,
}

const days = defineReport({
  name: 'days',
  summary: 'What happened to the runs of a journey, day by day',
  row: dayView,
  rows: (deps, { filter }) => reportDays(deps, filter),
  columns: { day: ({ day }) => day, ...runColumns },
})

const versions = defineReport({
  name: 'versions',
  summary: 'What became of the runs of each version, newest first',
  row: versionTotalsView,
  async rows(deps, { journey, filter }) {
    const em = forkFor(deps.orm, filter.workspaceId)
    const of = { journeyId: journey.id, ...(filter.versionId !== undefined && { id: filter.versionId }) }
    const found = await em.find(JourneyVersion, of, {
      orderBy: { number: 'desc' },
      fields: ['id', 'number', 'publishedAt', 'workspaceId'],
    })
    return reportVersions(deps, filter, found)
  },
  columns: {
    version: ({ version }) => version,
    published_at: ({ publishedAt }) => publishedAt,
    ...runColumns,
    moved_in: ({ movedIn }) => movedIn,
    moved_out: ({ movedOut }) => movedOut,
    inside: ({ inside }) => inside,
  },
})

const cards = defineReport({
  name: 'cards',
  summary: 'What became of those who came to each card',
  row: cardView,
  rows: (deps, asked) => reportCards(deps, asked.filter, asked.cards),
  columns: {
    card: ({ cardId }) => cardId,
    title: ({ title }) => title,
    type: ({ type }) => type,
    entered: ({ entered }) => entered,
    moved_in: ({ movedIn }) => movedIn,
    waiting: ({ waiting }) => waiting,
    left: ({ left }) => left.reduce((sum, { count }) => sum + count, 0),
    by_outlet: ({ left }) => left.map(({ outlet, count }) => `${outlet} ${count}`).join('; '),
    moved: ({ moved }) => moved,
    ended: ({ ended }) => ended,
    failed: ({ failed }) => failed.map(({ code, count }) => `${code} ${count}`).join('; '),
    median_seconds: ({ medianMs }) => (medianMs === null ? null : medianMs / 1_000),
    p90_seconds: ({ p90Ms }) => (p90Ms === null ? null : p90Ms / 1_000),
  },
})

const messages = defineReport({
  name: 'messages',
  summary: 'What became of the messages of each card',
  row: messageView,
  rows: (deps, asked) => reportMessages(deps, asked.filter, asked.cards),
  columns: {
    card: ({ cardId }) => cardId,
    title: ({ title }) => title,
    type: ({ type }) => type,
    sent: ({ sent }) => sent,
    delivered: ({ delivered }) => delivered,
    read: ({ read }) => read,
    clicked: ({ clicked }) => clicked,
    replied: ({ replied }) => replied,
    failed: ({ failed }) => failed.map(({ code, count }) => `${code} ${count}`).join('; '),
  },
})

const experiments = defineReport({
  name: 'experiments',
  summary: 'The paths of A/B splitters against each other',
  description:
    'A run counts once for each splitter, on the first path that it took there, by the day it took it.',
  row: experimentView,
  rows: (deps, asked) => reportExperiments(deps, asked.filter, asked.cards),
  columns: {
    card: ({ cardId }) => cardId,
    title: ({ title }) => title,
    paths: ({ paths }) => paths.map(({ path: id, runs }) => `${id} ${runs}`).join('; '),
    completed: ({ paths }) => paths.map((each) => `${each.path} ${each.completed.count}`).join('; '),
    goals: ({ paths }) =>
      paths.map(({ path: id, goal }) => `${id} ${goal.count} (${goal.verdict})`).join('; '),
  },
})

export const reportRoutes: Route[] = [
  ...[totals, rebuild],
  ...[...days, ...versions, ...cards, ...messages, ...experiments],
]
