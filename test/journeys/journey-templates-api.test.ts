import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { journeyTemplates } from '../../src/journeys/templates/journey-templates.ts'
import { toTemplate } from '../../src/templates/library/starter.ts'
import { findStarter } from '../../src/templates/search-library.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'

interface Installed {
  journeyId: string
  name: string
  assertions: number
  missing: Record<'events' | 'attributes' | 'templates' | 'segments', string[]>
}

let rig: WorkspaceApi
let numberId: string
let segmentId: string

beforeAll(async () => {
  rig = await openWorkspaceApi(journeyRoutes)
  numberId = await rig.addNumber()
  segmentId = newId()
  const { workspaceId } = rig.ours
  await rig.rows(
    `insert into segments (id, workspace_id, name, kind, evaluated_at) values ($1, $2, 'Silent', 'static', now())`,
    [segmentId, workspaceId],
  )
  for (const id of new Set(journeyTemplates.flatMap(({ needs }) => needs.templates))) {
    const starter = findStarter(id)
    const content = starter && toTemplate(starter, 'en')
    await rig.rows(
      `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
       values ($1, $2, '1', $3, 'en', $4, $5::jsonb, 'approved')`,
      [newId(), workspaceId, id, content?.category, JSON.stringify(content?.components)],
    )
  }
})
afterAll(() => rig.close())

test.each(
  journeyTemplates.map(
    ({ name, stories, needs }) => [name, stories.length, Object.keys(needs.segments)] as const,
  ),
)('%s is installed, and published as it is, held to its stories', async (name, stories, segments) => {
  const mapping = { segments: Object.fromEntries(segments.map((id) => [id, segmentId])) }
  const order = { numberId, mapping, declare: true }
  const installed = await rig.ask<Installed>(201, 'POST', `/journey-templates/${name}/install`, order)
  expect(installed).toMatchObject({
    assertions: stories,
    missing: { events: [], attributes: [], templates: [], segments: [] },
  })
  expect(await rig.ask(200, 'POST', `/journeys/${installed.journeyId}/validate`, {})).toMatchObject({
    valid: true,
  })
  await rig.ask(201, 'POST', `/journeys/${installed.journeyId}/publish`)
})

test('they are listed and shown, and say what is missing', async () => {
  const { items } = await rig.ask<Page<{ name: string }>>(200, 'GET', '/journey-templates?limit=4')
  expect(items.map(({ name }) => name)).toEqual([
    'welcome',
    'abandoned-cart',
    'order-tracking',
    'lead-qualification',
  ])
  expect(await rig.ask(200, 'GET', '/journey-templates/otp')).toMatchObject({
    needs: { templates: ['login_code'] },
    definition: { start: 'send' },
  })
  await rig.ask(404, 'GET', '/journey-templates/unheard-of')
})

test('names of their own: events, templates and segments', async () => {
  const mapping = { events: { visit_completed: 'stay_ended' }, templates: { visit_feedback: 'our_feedback' } }
  const order = { numberId, mapping, name: 'After the stay' }
  const installed = await rig.ask<Installed>(201, 'POST', '/journey-templates/feedback/install', order)
  expect(installed).toMatchObject({
    name: 'After the stay',
    missing: { events: ['stay_ended'], templates: ['our_feedback'] },
  })
  expect(await rig.ask(200, 'GET', `/journeys/${installed.journeyId}`)).toMatchObject({
    draft: {
      triggers: [{ type: 'custom-event', event: 'stay_ended' }],
      cards: { ask: { settings: { template: 'our_feedback' } } },
    },
  })
  expect(
    await rig.ask(400, 'POST', '/journey-templates/otp/install', {
      numberId,
      mapping: { events: { visited: 'x' } },
    }),
  ).toMatchObject({ fields: [{ field: 'mapping.events.visited' }] })
  expect(await rig.ask(201, 'POST', '/journey-templates/re-engagement/install', { numberId })).toMatchObject({
    missing: { segments: ['00000000-0000-4000-8000-000000000001'] },
  })
})
