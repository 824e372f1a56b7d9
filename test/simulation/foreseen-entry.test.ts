import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

let house: WorkspaceApi
let numberId: string

beforeAll(async () => {
  house = await openWorkspaceApi([...journeyRoutes, ...simulationRoutes])
  numberId = await house.addNumber()
})
afterAll(() => house.close())

/** Simulated over these contacts, to its end. */
async function simulate(journeyId: string, contactIds: string[]): Promise<{ id: string }> {
  const path = `/journeys/${journeyId}/simulations`
  const { id } = await house.ask<{ id: string }>(202, 'POST', path, {
    audience: { kind: 'contacts', contactIds },
  })
  for (;;) {
    const { state } = await house.ask<{ state: string }>(200, 'GET', `${path}/${id}`)
    if (state === 'completed') return { id }
    if (state === 'failed') throw new Error('the simulation failed')
    await sleep(50)
  }
}

test('of real contacts it is told which trigger or entry rule would keep them out', async () => {
  const { workspaceId } = house.ours
  const compare = (path: string, value: string) => ({ kind: 'compare', path, operator: 'equals', value })
  const draft = {
    start: 'end',
    cards: { end: { type: 'end-conversation', settings: {}, next: {} } },
    triggers: [
      { type: 'user-utterance', keywords: ['hi'], condition: compare('contact.first_name', 'Zoe') },
      { type: 'custom-event', event: 'order_paid', condition: compare('contact.first_name', 'Zoe') },
    ],
    entry: { reentry: 'once' },
  }
  const { id: journeyId } = await house.ask<{ id: string }>(201, 'POST', '/journeys', {
    ...{ numberId, name: 'Gated', draft },
  })
  const ids = [newId(), newId()]
  for (const [at, id] of ids.entries())
    await house.rows(
      `insert into contacts (id, workspace_id, first_name, attributes) values ($1, $2, $3, '{}')`,
      [id, workspaceId, ['Zoe', 'Bob'][at]],
    )
  const entries = async () => {
    const { id } = await simulate(journeyId, ids)
    const told = async (n: number) =>
      (
        await house.ask<{ entry: object }>(
          200,
          'GET',
          `/journeys/${journeyId}/simulations/${id}/contacts/${n}`,
        )
      ).entry
    return [await told(0), await told(1)]
  }
  const words = /^the trigger of the words "hi": its condition does not hold/
  const event = /^the trigger of the event "order_paid": its condition does not hold/
  expect(await entries()).toEqual([
    { mayEnter: true, obstacles: [] },
    { mayEnter: false, obstacles: [expect.stringMatching(words), expect.stringMatching(event)] },
  ])
  const runId = newId()
  const byEvent = { ...draft.triggers[1], condition: compare('event.amount', '5') }
  const triggers = [draft.triggers[0], byEvent]
  await house.ask(200, 'PATCH', `/journeys/${journeyId}`, { draft: { ...draft, triggers } })
  const versionId = newId()
  await house.rows(
    `insert into journey_versions (id, workspace_id, journey_id, number, definition, published_at)
     values ($1, $2, $3, 1, $4, now())`,
    [versionId, workspaceId, journeyId, draft],
  )
  await house.rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, number_id, lineage_id, entry, workflow_id, state,
       vars, fact_id, started_at, ended_at, updated_at)
     values ($1, $2, $3, $7, $4, $5, $1, 'test', $6, 'completed', '{}', $1, now(), now(), now())`,
    [runId, workspaceId, journeyId, ids[0], numberId, runId, versionId],
  )
  expect(await entries()).toEqual([
    {
      mayEnter: false,
      obstacles: ['the entry rule: has been in this journey before, and it takes each contact once'],
    },
    { mayEnter: true, obstacles: [] },
  ])
})
