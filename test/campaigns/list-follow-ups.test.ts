import type { Page } from '../support/workspace-api.ts'
import { openPlanRig, type PlanRig } from './plan-rig.ts'

let rig: PlanRig
beforeAll(async () => {
  rig = await openPlanRig()
})
afterAll(() => rig.close())

interface Followed {
  followUp: string
  contactId: string
}

test('what followed from a run is listed by pages, and by what became of it', async () => {
  const people = await rig.addContacts(3)
  const runId = await rig.addRun({
    audience: { include: [{ kind: 'all' }] },
    followUps: [
      { id: 'a', on: 'read', action: { kind: 'tag', tag: 'x' } },
      {
        id: 'b',
        on: 'not-replied',
        within: { amount: 1, unit: 'hours' },
        action: { kind: 'segment', segmentId: people[0] },
      },
    ],
  })
  await rig.rows(
    `insert into campaign_follow_ups (run_id, follow_up, contact_id, workspace_id, outcome, reason, fact_id)
     select $1, f, p::uuid, $2, case f when 'a' then 'done' else 'refused' end, case f when 'b' then 'it is gone' end, uuidv7()
     from unnest(array['a', 'b']) f cross join jsonb_array_elements_text($3::jsonb) p`,
    [runId, rig.workspaceId, JSON.stringify(people)],
  )
  const path = `/campaign-runs/${runId}/follow-ups`
  const list = (query: string) => rig.ask<Page<Followed>>(200, 'GET', `${path}${query}`)
  const whole = (await list('')).items
  expect(whole.map(({ followUp, contactId }) => [followUp, contactId])).toEqual(
    ['a', 'b'].flatMap((each) => people.toSorted().map((contactId) => [each, contactId])),
  )
  expect(whole[0]).toMatchObject({ on: 'read', action: 'tag', outcome: 'done', reason: null })
  const refused = await list('?outcome=refused')
  expect(refused.items).toHaveLength(3)
  expect(refused.items[0]).toMatchObject({ on: 'not-replied', action: 'segment', reason: 'it is gone' })
  expect((await list('?followUp=a')).items).toHaveLength(3)
  const first = await list('?limit=4')
  const second = await list(`?limit=4&cursor=${first.nextCursor}`)
  expect([...first.items, ...second.items]).toEqual(whole)
  expect(second.nextCursor).toBeNull()
  await rig.ask(404, 'GET', path, undefined, rig.theirs.key)
})
