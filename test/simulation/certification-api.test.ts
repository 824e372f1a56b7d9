import { newId } from '../../src/db/columns.ts'
import { platformRoutes } from '../../src/server.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createWorkspace } from '../../src/settings/workspaces.ts'
import { createAsk, openApi } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { playSimulation, type SimulatedRef } from '../support/play-rehearsal.ts'

interface Certification {
  id: string
  state: string
  by: string
  endedAt: string | null
  rehearsals: { n: number; state: string; steps: object[]; operations: number; difference: string | null }[]
}
interface List {
  items: Certification[]
  nextCursor: string | null
}

let house: OpenHouse
let ask: ReturnType<typeof createAsk>
let asOthers: ReturnType<typeof createAsk>
let keyId: string
let ref: SimulatedRef
let close: () => Promise<void>

const draft = {
  start: 'ask',
  triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
  cards: {
    ask: {
      type: 'interactive-message',
      settings: { body: 'Shall we?', buttons: [{ id: 'yes', title: 'Yes' }] },
      next: { 'button:yes': 'wait', timeout: 'end', other: 'end' },
    },
    wait: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 60, unit: 'days' } } },
      next: { done: 'end' },
    },
    end: { type: 'end-conversation', settings: { goalReached: true }, next: {} },
  },
}
const body = {
  audience: { kind: 'synthetic', count: 40 },
  entryAt: '2026-12-01T09:00:00Z',
  seed: 5,
  behaviour: { cards: { ask: { answers: [{ probability: 0.5, button: 'yes' }] } } },
}

beforeAll(async () => {
  house = await openHouse()
  const api = await openApi(house.deps.config, platformRoutes)
  const { workspaceId } = house
  const own = await createApiKey(api.deps, { workspaceId, name: 'test', kind: 'platform' })
  const others = await createWorkspace(api.deps, 'others')
  const { key } = await createApiKey(api.deps, { workspaceId: others, name: 'others', kind: 'platform' })
  ask = createAsk(api, own.key)
  asOthers = createAsk(api, key)
  keyId = own.row.id
  close = api.close
  ref = await playSimulation(house, draft, body)
})
afterAll(async () => {
  await close()
  await house.close()
})

const pathOf = ({ journeyId, simulationId }: SimulatedRef) =>
  `/journeys/${journeyId}/simulations/${simulationId}/certifications`
const ended = (id: string) =>
  eventually(
    async () => {
      const shown = await ask<Certification>(200, 'GET', `${pathOf(ref)}/${id}`)
      expect(shown.state).not.toBe('running')
      return shown
    },
    { timeoutMs: 60_000 },
  )

test('the ways of a simulation are certified, and who ordered it is known', async () => {
  const begun = await ask<Certification>(202, 'POST', pathOf(ref), { paths: 1 })
  expect(begun).toMatchObject({ by: `key ${keyId}`, rehearsals: [{ difference: null }] })
  expect(begun.rehearsals).toHaveLength(1)
  const all = await ask<Certification>(202, 'POST', pathOf(ref), {})
  const shown = await ended(all.id)
  expect(shown).toMatchObject({ state: 'passed', endedAt: expect.stringMatching(/^20.*Z$/) })
  expect(shown.rehearsals.length).toBeGreaterThan(1)
  for (const rehearsal of shown.rehearsals) {
    expect(rehearsal).toMatchObject({ state: 'passed', difference: null })
    expect(rehearsal.steps[0]).toMatchObject({ card: 'ask' })
    expect(rehearsal.operations).toBeGreaterThan(0)
  }
  await ended(begun.id)
  expect(
    await house.rows(
      `select data ->> 'certification' as id, data ->> 'by' as by from facts where kind = 'certification.started'
       order by at, id`,
    ),
  ).toEqual([begun, all].map(({ id }) => ({ id, by: `key ${keyId}` })))
  const first = await ask<List>(200, 'GET', `${pathOf(ref)}?limit=1`)
  expect(first.items.map(({ id }) => id)).toEqual([all.id])
  const second = await ask<List>(200, 'GET', `${pathOf(ref)}?limit=1&cursor=${first.nextCursor}`)
  expect(second).toMatchObject({ items: [{ id: begun.id, state: 'passed' }], nextCursor: null })
}, 120_000)

test('what cannot be certified is refused with its field, or as not there', async () => {
  for (const paths of [0, 21, 1.5])
    expect(await ask(400, 'POST', pathOf(ref), { paths })).toMatchObject({ fields: [{ field: 'paths' }] })
  await ask(404, 'POST', pathOf({ ...ref, simulationId: newId() }), {})
  await ask(404, 'POST', pathOf({ ...ref, journeyId: newId() }), {})
  await ask(404, 'GET', pathOf({ ...ref, simulationId: newId() }))
  await ask(404, 'GET', `${pathOf(ref)}/${newId()}`)
  await ask(400, 'GET', `${pathOf(ref)}/none`)
  await ask(400, 'GET', `${pathOf(ref)}?cursor=none`)
})

test('a simulation without a result is not certified', async () => {
  const id = newId()
  await house.rows(
    `insert into simulations (id, workspace_id, journey_id, state, audience, frozen, by, contacts)
     select $1, workspace_id, journey_id, 'cancelled', audience, frozen, by, contacts from simulations where id = $2`,
    [id, ref.simulationId],
  )
  expect(await ask(409, 'POST', pathOf({ ...ref, simulationId: id }), {})).toMatchObject({
    detail: 'the simulation has no result to certify',
  })
})

test('certifications of others are not there', async () => {
  const { id } = await ask<Certification>(202, 'POST', pathOf(ref), { paths: 1 })
  await asOthers(404, 'POST', pathOf(ref), {})
  await asOthers(404, 'GET', pathOf(ref))
  await asOthers(404, 'GET', `${pathOf(ref)}/${id}`)
  await ended(id)
}, 60_000)
