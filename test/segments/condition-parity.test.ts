import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { contactViewColumns, toContactView } from '../../src/contacts/contact-view.ts'
import { adHoc } from '../../src/db/prepared-statements.ts'
import { forkFor, openOrm, type Orm } from '../../src/db/orm.ts'
import { conditionSchema, evaluateCondition, type Condition } from '../../src/model/conditions.ts'
import { compileCondition } from '../../src/segments/compile-condition.ts'
import { loadHistories } from '../../src/segments/load-history.ts'
import { freshDatabase } from '../support/postgres.ts'
import { makeAudience } from '../support/random-audience.ts'
import { anyCondition } from '../support/random-condition.ts'
import { nowMs } from '../support/random-values.ts'
import { runSql } from '../support/run-sql.ts'

const workspaceId = '01900000-0000-7000-8000-0000000000aa'
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
const numRuns = Number(process.env['CONDITIONS'] ?? 200)
let orm: Orm
let contactIds: string[]
const views = new Map<string, ReturnType<typeof toContactView>>()

beforeAll(async () => {
  const { url } = await freshDatabase()
  await runSql(url, `insert into workspaces (id, name) values ($1, 'parity')`, [workspaceId])
  contactIds = await makeAudience(url, workspaceId, { seed, contacts: 120 })
  orm = await openOrm(url, 2)
  const rows = await forkFor(orm, workspaceId).execute<Parameters<typeof toContactView>[0][]>(
    `select ${contactViewColumns} from contacts c`,
  )
  for (const row of rows) views.set(row.id, toContactView(row))
})
afterAll(() => orm?.close(true))

async function bySql(condition: Condition, few: boolean): Promise<string[]> {
  const { sql, params } = compileCondition(condition, { workspaceId, nowMs, few })
  const rows = await forkFor(orm, workspaceId).execute<{ id: string }[]>(
    `${adHoc}select c.id from contacts c where c.workspace_id = ? and ${sql}`,
    [workspaceId, ...params],
  )
  return rows.map(({ id }) => id).sort()
}

async function byJavaScript(condition: Condition): Promise<string[]> {
  const em = forkFor(orm, workspaceId)
  const { histories } = await loadHistories(em, { workspaceId, contactIds, conditions: [condition], nowMs })
  return contactIds
    .filter((id) => {
      const contact = views.get(id) ?? { id, tags: [], attributes: {} }
      return evaluateCondition(condition, { contact, vars: {}, nowMs, history: histories.get(id) })
    })
    .sort()
}

test(
  `JavaScript and SQL judge every contact alike (seed ${seed})`,
  async () => {
    let some = 0
    await fc.assert(
      fc.asyncProperty(anyCondition, async (given) => {
        const condition = conditionSchema.parse(given)
        const expected = await byJavaScript(condition)
        if (expected.length > 0 && expected.length < contactIds.length) some++
        const wrong = (ids: string[]) =>
          [
            ...ids
              .filter((id) => !expected.includes(id))
              .map((id) => ({ onlyIn: 'SQL', contact: views.get(id) })),
            ...expected
              .filter((id) => !ids.includes(id))
              .map((id) => ({ onlyIn: 'JavaScript', contact: views.get(id) })),
          ].slice(0, 1)
        expect(wrong(await bySql(condition, false))).toEqual([])
        expect(wrong(await bySql(condition, true))).toEqual([])
      }),
      { seed, numRuns },
    )
    // Conditions that hold for all or for nobody would agree too easily.
    expect(some).toBeGreaterThan(numRuns / 4)
  },
  Math.max(60_000, numRuns * 150),
)
