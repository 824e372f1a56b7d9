import { trackEvent } from '../../src/events/track-event.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { rebuildReports } from '../../src/reports/rebuild-reports.ts'
import { routes as reportRoutes } from '../../src/reports/routes.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createAsk, openApi, type ApiRig, type Ask } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { runSql } from '../support/run-sql.ts'

let house: OpenHouse
let api: ApiRig
let ask: Ask<Record<string, never>>

beforeAll(async () => {
  house = await openHouse()
  api = await openApi(house.deps.config, [...journeyRoutes, ...reportRoutes])
  const { workspaceId } = house
  const { key } = await createApiKey(api.deps, { workspaceId, name: 'test', kind: 'platform' })
  ask = createAsk(api, key)
  await runSql(
    house.databaseUrl,
    `insert into event_types (id, workspace_id, name, attributes) values ($1, $2, 'paid', '{"amount": "integer"}')`,
    [newId(), workspaceId],
  )
})
afterAll(async () => {
  await api.close()
  await house.close()
})

const definition = {
  start: 'split',
  triggers: [{ type: 'user-utterance', keywords: ['go'], match: 'exact' }],
  entry: { reentry: 'always' },
  goal: {
    event: 'paid',
    condition: { kind: 'compare', path: 'event.amount', operator: 'greater', value: 10 },
    within: { amount: 2, unit: 'days' },
  },
  cards: {
    split: {
      type: 'ab-splitter',
      settings: {
        paths: [
          { id: 'a', weight: 1 },
          { id: 'b', weight: 0 },
        ],
      },
      next: { 'path:a': 'ask', 'path:b': null },
    },
    ask: {
      type: 'interactive-message',
      title: 'The question',
      settings: {
        body: 'Well?',
        buttons: [{ id: 'yes', title: 'Yes' }],
        timeout: { amount: 2, unit: 'days' },
      },
      next: { 'button:yes': 'thanks' },
    },
    thanks: { type: 'message', settings: { text: 'Thanks {{contact.nothing}}' }, next: {} },
  },
}

const customer = '491700000901'

test('what happens on the line is counted: steps, messages, answers, goals, and counting anew agrees', async () => {
  const { workspaceId } = house
  const { journeyId } = await house.publish(definition)
  await house.text(customer, 'go')
  await eventually(async () => expect(await house.ledger(customer)).toHaveLength(1))
  await house.read(customer)
  await eventually(async () =>
    expect(await ask(200, 'GET', `/journeys/${journeyId}/report/messages`)).toMatchObject({
      items: [{ cardId: 'ask', sent: 1, delivered: 1, read: 1, clicked: 0, replied: 0, readRate: 1 }],
    }),
  )
  await house.tap(customer, 'yes', 'Yes')
  await eventually(async () =>
    expect(await ask(200, 'GET', `/journeys/${journeyId}/report/cards`)).toMatchObject({
      items: [
        { cardId: 'split', entered: 1, left: [{ outlet: 'path:a', count: 1 }], waiting: 0 },
        {
          cardId: 'ask',
          title: 'The question',
          entered: 1,
          left: [{ outlet: 'button:yes', label: 'Yes', count: 1 }],
        },
        {
          cardId: 'thanks',
          entered: 1,
          left: [],
          waiting: 1,
          failed: [{ code: 'missing_variable', count: 1 }],
        },
      ],
    }),
  )
  const { items: messages } = await ask<{ items: object[] }>(
    200,
    'GET',
    `/journeys/${journeyId}/report/messages`,
  )
  expect(messages).toMatchObject([
    { cardId: 'ask', clicked: 1, replied: 1 },
    { cardId: 'thanks', sent: 0, failed: [{ code: 'missing_variable', count: 1 }] },
  ])
  const standing = `/journeys/${journeyId}/users?state=inside&cardId=thanks`
  expect(await ask(200, 'GET', `${standing}&search=9991`)).toMatchObject({ items: [] })
  const inside = await ask<{ items: { contactId: string; runId: string }[] }>(
    200,
    'GET',
    `${standing}&search=0000901`,
  )
  const [user] = inside.items
  expect(user).toMatchObject({
    state: 'stuck',
    cardId: 'thanks',
    version: 1,
    phone: customer,
    goalReached: false,
  })
  await ask(202, 'POST', `/runs/${user?.runId}/cancel`)
  await eventually(async () =>
    expect(await ask(200, 'GET', `/journeys/${journeyId}/report`)).toMatchObject({ inside: 0, cancelled: 1 }),
  )
  // The window is open still, though the run has ended; what is too little does not count.
  for (const amount of [5, 50, 60])
    await trackEvent(house.deps, {
      ...{
        workspaceId,
        contactId: user?.contactId ?? '',
        type: 'paid',
        attributes: { amount },
        atMs: Date.now(),
      },
    })
  expect(await ask(200, 'GET', `/journeys/${journeyId}/report`)).toMatchObject({
    entered: 1,
    goalReached: 1,
    goalRate: 1,
  })
  expect(await ask(200, 'GET', `/journeys/${journeyId}/report/experiments`)).toMatchObject({
    items: [
      {
        cardId: 'split',
        paths: [
          { path: 'a', runs: 1, goal: { count: 1, verdict: 'base' }, completed: { count: 0 } },
          { path: 'b', runs: 0, goal: { count: 0, verdict: 'too-few' } },
        ],
      },
    ],
  })
  const counts = async () =>
    (
      await runSql(
        house.databaseUrl,
        `select day::text, metric, card_id, detail, sum(n)::int as n from journey_counts where journey_id = $1
         group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4`,
        [journeyId],
      )
    ).rows as object[]
  const before = await counts()
  await rebuildReports(house.deps, { workspaceId, journeyId })
  expect(await counts()).toEqual(before)
}, 60_000)
