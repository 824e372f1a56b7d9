import { planRun } from '../../src/campaigns/plan-run.ts'
import { openPlanRig, template, type PlanRig } from './plan-rig.ts'

let rig: PlanRig
beforeAll(async () => {
  rig = await openPlanRig()
})
afterAll(() => rig.close())

test('a run is planned once: asked again, or by two at once, it says the same', async () => {
  const people = await rig.addContacts(30)
  const include = [{ kind: 'contacts', contactIds: people }]
  const runId = await rig.addRun({ audience: { include } })
  const order = { workspaceId: rig.workspaceId, runId }
  const planned = await Promise.all([planRun(rig.deps, order), planRun(rig.deps, order)])
  expect(planned).toEqual(Array(2).fill({ goesOn: true, audience: 30, intended: 30, skipped: 0 }))
  const rows = await rig.recipients(runId)
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, at) => at + 1))
  expect(new Set(rows.map(({ contact_id }) => contact_id))).toEqual(new Set(people))
  const [run] = await rig.rows('select state, audience, intended, skipped from campaign_runs where id = $1', [runId])
  expect(run).toEqual({ state: 'sending', audience: 30, intended: 30, skipped: 0 })
  const [lane] = await rig.rows('select number_id, last_seq, cursor from campaign_lanes where run_id = $1', [runId])
  expect(lane).toEqual({ number_id: rig.numberId, last_seq: 30, cursor: 0 })
})
