import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { noteChanges } from '../../src/events/note-changes.ts'
import { keepSegmentsLive } from '../../src/segments/keep-live.ts'

let api: ApiRig
let workspaceId: string

beforeAll(async () => {
  api = await openApi({ DATABASE_URL: (await freshDatabase()).url })
  workspaceId = (await openWorkspace(api, 'keep')).workspaceId
})
afterAll(() => api.close())

const sql = <T extends object>(query: string, params: (string | null)[] = []) =>
  forkFor(api.deps.orm, workspaceId).execute<T[]>(query, params)

async function taggedContact(): Promise<string> {
  const id = newId()
  await forkFor(api.deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(`insert into contacts (id, workspace_id, tags) values (?, ?, '{vip}')`, [
      id,
      workspaceId,
    ])
    await noteChanges(em, workspaceId, [{ contactId: id, keys: ['tag'], causeId: newId() }])
  })
  return id
}

const isMember = (contactId: string, timeoutMs?: number) =>
  eventually(
    async () => {
      const members = await sql('select 1 from segment_members where contact_id = ?', [contactId])
      expect(members).toHaveLength(1)
    },
    { ...(timeoutMs && { timeoutMs }) },
  )

test('a commit is applied at once, what came before too, and a lost connection is opened again', async () => {
  await sql(
    `insert into segments (id, workspace_id, name, kind, condition, depends_on, evaluated_at)
     values (?, ?, 'Tagged', 'live', '{"kind":"tag","tag":"vip","has":true}', '{tag}', now())`,
    [newId(), workspaceId],
  )
  const before = await taggedContact()
  const live = keepSegmentsLive(api.deps)
  await isMember(before)
  await isMember(await taggedContact())
  const ended = await sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'`,
  )
  expect(ended).toHaveLength(1)
  await isMember(await taggedContact())
  await live.stop()
  const after = await taggedContact()
  expect(await sql('select 1 from segment_members where contact_id = ?', [after])).toEqual([])
})
