import { routes as blockRoutes } from '../../src/blocks/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { routes as simulationRoutes } from '../../src/simulation/routes.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'
import { menu } from './block-examples.ts'

let rig: WorkspaceApi
let numberId: string

beforeAll(async () => {
  rig = await openWorkspaceApi([...blockRoutes, ...journeyRoutes, ...simulationRoutes])
  numberId = await rig.addNumber()
})
afterAll(() => rig.close())

const ask: WorkspaceApi['ask'] = (...asked) => rig.ask(...asked)
interface Block {
  id: string
}
const create = (name: string) => ask<Block>(201, 'POST', '/blocks', { name, content: menu })

interface Problem {
  field: string
  severity: string
}

test('a journey freezes its blocks when it is published; the block says where and whether it is behind', async () => {
  const block = await create('In a journey')
  const draft = {
    start: 'ask',
    triggers: [{ type: 'api' }],
    cards: {
      ask: {
        type: 'block',
        settings: { block: block.id, content: { type: 'nonsense' } },
        next: { 'choice:soup': null },
      },
    },
  }
  const journey = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Menu', draft })
  const { valid } = await ask<{ valid: boolean; problems: Problem[] }>(
    200,
    'POST',
    `/journeys/${journey.id}/validate`,
    {},
  )
  expect(valid).toBe(true)
  await ask(201, 'POST', `/journeys/${journey.id}/publish`)
  const frozen = await ask<{ definition: { cards: { ask: { settings: object } } } }>(
    200,
    'GET',
    `/journeys/${journey.id}/versions/1`,
  )
  expect(frozen.definition.cards.ask.settings).toMatchObject({ block: block.id, content: menu, version: 1 })

  await ask(200, 'PATCH', `/blocks/${block.id}`, { content: { ...menu, body: { text: 'New' } } })
  const place = { journeyId: journey.id, journeyName: 'Menu', cardId: 'ask' }
  expect(await ask(200, 'GET', `/blocks/${block.id}/uses`)).toEqual({
    items: [
      { ...place, where: 'draft', blockVersion: null, outdated: false },
      { ...place, where: 'published', blockVersion: 1, outdated: true },
    ],
    nextCursor: null,
  })
  const again = await ask<{ definition: object }>(200, 'GET', `/journeys/${journey.id}/versions/1`)
  expect(again.definition).toEqual(frozen.definition)

  for (const refusal of [
    await ask<{ detail: string; details: object }>(409, 'DELETE', `/blocks/${block.id}`),
    await ask<{ detail: string; details: object }>(409, 'PATCH', `/blocks/${block.id}`, { archived: true }),
  ]) {
    expect(refusal.detail).toContain('"Menu"')
    expect(refusal.details).toMatchObject({ usedIn: [{ where: 'draft' }, { where: 'published' }] })
  }
  await ask(204, 'DELETE', `/journeys/${journey.id}`)
  await ask(204, 'DELETE', `/blocks/${block.id}`)
})

test('a journey with a block that is not there is not published', async () => {
  const foreign = await ask<Block>(201, 'POST', '/blocks', { name: 'Theirs', content: menu }, rig.theirs.key)
  const archived = await create('Archived')
  await ask(200, 'PATCH', `/blocks/${archived.id}`, { archived: true })
  for (const id of [newId(), foreign.id, archived.id]) {
    const draft = { start: 'ask', cards: { ask: { type: 'block', settings: { block: id } } } }
    const journey = await ask<{ id: string }>(201, 'POST', '/journeys', { numberId, name: 'Gap', draft })
    expect(await ask(422, 'POST', `/journeys/${journey.id}/publish`)).toMatchObject({
      fields: [{ field: 'cards.ask.settings.block' }],
    })
    await ask(422, 'POST', `/journeys/${journey.id}/simulate`, {})
  }
})
