import { journeyOf, openBulkRig, say, type BulkRig, type Operation } from '../bulk/bulk-rig.ts'
import { eventually } from '../support/eventually.ts'

let rig: BulkRig
beforeAll(async () => {
  rig = await openBulkRig()
  await rig.worker()
})

const goTo = (card: string) => ({ type: 'go-to', settings: { card } })
const assign = (name: string, next: string) => ({
  type: 'setup-attribute',
  settings: { assignments: [{ target: 'variable', name, value: '1' }] },
  next: { next },
})

async function spin(definition: object): Promise<{ journeyId: string; runId: string; workflowId: string }> {
  const { journeyId } = await rig.publish(definition)
  await rig.startAll(journeyId, await rig.crowd(1))
  await rig.allAre(journeyId, { stuck: 1 }, 120_000)
  const [run] = await rig.rows<{ id: string; workflow_id: string; error_code: string }>(
    'select id, workflow_id, error_code from runs where journey_id = $1',
    [journeyId],
  )
  expect(run?.error_code).toBe('loop_guard')
  return { journeyId, runId: run?.id ?? '', workflowId: run?.workflow_id ?? '' }
}

/** Of the execution that goes on: one that began anew has left its past behind. */
async function countEvents(workflowId: string): Promise<number> {
  const { historyLength } = await rig.deps.temporal.workflow.getHandle(workflowId).describe()
  return historyLength
}

const countCards = async (runId: string) => {
  const [row] = await rig.rows<{ n: number }>(
    `select count(*)::int as n from facts where run_id = $1 and kind = 'card.entered'`,
    [runId],
  )
  return row?.n
}

test('a loop that only turns is stuck at once, with the whole way in its trace and a short history', async () => {
  const { journeyId, runId, workflowId } = await spin(
    journeyOf({ set: assign('n', 'back'), back: goTo('set'), out: say('out') }),
  )
  expect(await countCards(runId)).toBe(201)
  expect(await countEvents(workflowId)).toBeLessThan(150)
  const { items } = await rig.ask<{ items: object[] }>(200, 'GET', '/runs/stuck')
  expect(items).toContainEqual(expect.objectContaining({ cardId: 'set', errorCode: 'loop_guard', count: 1 }))
  // Tried again it spins for as long again: whoever resolves it has another hundred turns, and no more.
  await rig.ask(200, 'POST', `/runs/${runId}/resolve`, { action: 'retry' })
  await eventually(async () => expect(await countCards(runId)).toBe(2 * 201))
  await rig.allAre(journeyId, { stuck: 1 })
  await rig.ask(200, 'POST', `/runs/${runId}/resolve`, { action: 'goto', card: 'out' })
  await rig.allAre(journeyId, { completed: 1 })
}, 180_000)

test('a loop that asks the database at each turn does not fill its history', async () => {
  const { journeyId, runId, workflowId } = await spin(
    journeyOf({
      city: {
        type: 'setup-attribute',
        settings: { assignments: [{ target: 'attribute', name: 'city', value: 'Bonn' }] },
        next: { next: 'which' },
      },
      which: {
        type: 'run-if',
        settings: {
          branches: [
            {
              id: 'never',
              condition: { kind: 'compare', path: 'contact.city', operator: 'equals', value: 'Rome' },
            },
          ],
        },
        next: { else: 'city' },
      },
    }),
  )
  expect(await countEvents(workflowId)).toBeLessThan(600)
  expect(await countCards(runId)).toBe(201)
  const order = {
    kind: 'resolve',
    selection: { journeyId, errorCode: 'loop_guard' },
    order: { action: 'exit' },
  }
  const { id } = await rig.ask<Operation>(202, 'POST', '/bulk-operations', order)
  expect(await rig.ended(id)).toMatchObject({ total: 1, done: 1 })
  await rig.allAre(journeyId, { exited: 1 })
}, 300_000)
