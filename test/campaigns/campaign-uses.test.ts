import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as segmentRoutes } from '../../src/segments/routes.ts'
import { routes as templateRoutes } from '../../src/templates/routes.ts'
import { routes as groupRoutes } from '../../src/variable-groups/routes.ts'
import type { Page } from '../support/workspace-api.ts'
import { openPlanRig, type PlanRig } from './plan-rig.ts'

let rig: PlanRig
beforeAll(async () => {
  rig = await openPlanRig([...segmentRoutes, ...journeyRoutes, ...templateRoutes, ...groupRoutes])
})
afterAll(() => rig.close())

interface Made {
  id: string
}
const named = (name: string, values: object = {}) => ({
  variants: [{ id: 'a', message: { kind: 'template', name, values } }],
})

/** What may stand in a campaign, how it is named there, and where it is deleted. */
const things: Record<string, () => Promise<{ id: string; path: string; definition: object }>> = {
  segment: async () => {
    const { id } = await rig.ask<Made>(201, 'POST', '/segments', { kind: 'static', name: newId() })
    return {
      id,
      path: '/segments',
      definition: { audience: { include: [{ kind: 'segment', segmentId: id }] } },
    }
  },
  journey: async () => {
    const id = newId()
    await rig.rows(
      `insert into journeys (id, workspace_id, number_id, name, draft) values ($1, $2, $3, 'After', '{}')`,
      [id, rig.workspaceId, rig.numberId],
    )
    const action = { kind: 'journey', journeyId: id }
    return { id, path: '/journeys', definition: { followUps: [{ id: 'f', on: 'read', action }] } }
  },
  template: async () => {
    await rig.addTemplate('kept')
    const [row] = await rig.rows<Made>(`update templates set meta_id = null where name = 'kept' returning id`)
    return { id: row?.id ?? '', path: '/templates', definition: named('kept') }
  },
  'variable group': async () => {
    const { id } = await rig.ask<Made>(201, 'POST', '/variable-groups', { ref: 'my people' })
    const values = { body: { 1: '{{groups.my_people.name}}' } }
    return { id, path: '/variable-groups', definition: named('another', values) }
  },
}

test.each(Object.keys(things))(
  'a %s that a campaign needs still is kept, and says where it is used',
  async (what) => {
    const { id, path, definition } = await (things[what] ?? (() => Promise.reject(new Error(what))))()
    const campaignId = await rig.addCampaign()
    const runId = await rig.addRun({ ...named('another'), ...definition }, campaignId)
    await rig.rows('update campaigns set last_run_number = 1, name = $2 where id = $1', [
      campaignId,
      `Needs ${what}`,
    ])
    await rig.addRun(named('another'))
    const uses = async () => (await rig.ask<Page<Made>>(200, 'GET', `/campaigns?uses=${id}`)).items
    expect(await uses()).toMatchObject([{ id: campaignId }])
    expect(await rig.ask(409, 'DELETE', `${path}/${id}`)).toMatchObject({
      detail: expect.stringContaining(`"Needs ${what}"`) as string,
      details: { uses: [{ kind: 'campaign', id: campaignId, name: `Needs ${what}` }] },
    })

    // What follows from a run that is over is to come still.
    await rig.rows(
      `update campaign_runs set state = 'completed', ended_at = now(), follow_up_at = now() where id = $1`,
      [runId],
    )
    await rig.ask(409, 'DELETE', `${path}/${id}`)
    await rig.rows('update campaign_runs set follow_up_at = null where id = $1', [runId])
    expect(await uses()).toEqual([])
    await rig.ask(204, 'DELETE', `${path}/${id}`)
  },
)

test('a draft names what it uses, and a campaign that goes on by itself keeps it', async () => {
  const { id, path, definition } = await (things['segment'] as () => ReturnType<(typeof things)[string]>)()
  const { id: campaignId } = await rig.ask<Made>(201, 'POST', '/campaigns', {
    ...{ name: 'Weekly', kind: 'recurring', numberId: rig.numberId, definition },
  })
  expect((await rig.ask<Page<Made>>(200, 'GET', `/campaigns?uses=${id}`)).items).toMatchObject([
    { id: campaignId },
  ])
  await rig.rows(`update campaigns set state = 'active' where id = $1`, [campaignId])
  await rig.ask(409, 'DELETE', `${path}/${id}`)
  await rig.rows(`update campaigns set state = 'draft' where id = $1`, [campaignId])
  await rig.ask(204, 'DELETE', `${path}/${id}`)
})
