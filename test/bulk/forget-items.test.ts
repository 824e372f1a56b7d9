import { forgetItems } from '../../src/bulk/forget-items.ts'
import { openBulkRig } from './bulk-rig.ts'

test('items are kept for a month after their operation; what it came to stays', async () => {
  const rig = await openBulkRig()
  const operation = async (ended: string | null, items: number, kind = 'cancel') => {
    const [row] = await rig.rows<{ id: string }>(
      `insert into bulk_operations (id, workspace_id, kind, selection, instruction, digest, workflow_id, fact_id, by, state, total,
         done, ended_at)
       values (uuidv7(), $1, $5, '{}', '{}', gen_random_uuid()::text, 'w', uuidv7(), 'test', $2, $3, $3,
         now() - $4::interval) returning id`,
      [rig.workspaceId, ended === null ? 'running' : 'completed', items, ended, kind],
    )
    await rig.rows(
      `insert into bulk_items (operation_id, item_id, workspace_id, place, state)
       select $1, uuidv7(), $2, n, 'done' from generate_series(1, $3::int) n`,
      [row?.id, rig.workspaceId, items],
    )
    return row?.id ?? ''
  }
  const old = await operation('31 days', 5_001)
  const recent = await operation('29 days', 3)
  const live = await operation(null, 2)
  const migration = await operation('300 days', 1, 'migrate')
  const left = async (id: string) =>
    (await rig.ask<{ items: object[] }>(200, 'GET', `/bulk-operations/${id}/items`)).items.length
  expect(await forgetItems(rig.deps.orm)).toBe(5_001)
  expect([await left(old), await left(recent), await left(live), await left(migration)]).toEqual([0, 3, 2, 1])
  expect(await rig.shown(old)).toMatchObject({ state: 'completed', total: 5_001, done: 5_001 })
  expect(await forgetItems(rig.deps.orm)).toBe(0)
}, 60_000)
