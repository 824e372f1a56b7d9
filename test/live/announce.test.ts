import pg from 'pg'
import { newId } from '../../src/db/columns.ts'
import { openOrm, type Orm } from '../../src/db/orm.ts'
import { liveChannel } from '../../src/db/tell-of-announcements.ts'
import { announce, type InboxEvent } from '../../src/live/announce.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'

let orm: Orm
let listener: pg.Client
let heard: number[] = []
const workspaceId = newId()

beforeAll(async () => {
  const { url } = await freshDatabase()
  orm = await openOrm(url, 4)
  listener = new pg.Client({ connectionString: url })
  await listener.connect()
  // What is committed by then is counted at the moment of hearing.
  listener.on('notification', () => {
    void countEvents().then((count) => heard.push(count))
  })
  await listener.query(`listen ${pg.escapeIdentifier(liveChannel)}`)
})

afterAll(async () => {
  await listener.end()
  await orm.close(true)
})

test('what was announced in a transaction is told of after the commit, once for many', async () => {
  heard = []
  const before = await countEvents()
  await orm.em.fork().transactional(async (em) => {
    await announce(em, workspaceId, [event(), event()])
    await announce(em, workspaceId, [event()])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(heard).toEqual([])
  })
  await eventually(() => expect(heard).toEqual([before + 3]))
})

test('a savepoint is no commit', async () => {
  heard = []
  const before = await countEvents()
  await orm.em.fork().transactional(async (em) => {
    await em.transactional((inner) => announce(inner, workspaceId, [event()]))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(heard).toEqual([])
  })
  await eventually(() => expect(heard).toEqual([before + 1]))
})

test('what was announced by itself is told of too', async () => {
  heard = []
  const before = await countEvents()
  await announce(orm.em.fork(), workspaceId, [event()])
  await eventually(() => expect(heard).toEqual([before + 1]))
})

test('nobody hears of what was rolled back, or of a transaction that announced nothing', async () => {
  heard = []
  const before = await countEvents()
  const failing = orm.em.fork().transactional(async (em) => {
    await announce(em, workspaceId, [event()])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await orm.em
    .fork()
    .transactional((em) => em.execute('select count(*) from live_events where kind = ?', ['x']))
  await announce(orm.em.fork(), workspaceId, [event()])
  await eventually(() => expect(heard).toEqual([before + 1]))
})

async function countEvents(): Promise<number> {
  const [row] = await orm.em
    .fork()
    .execute<[{ count: number }]>('select count(*)::int as count from live_events')
  return row.count
}

function event(): InboxEvent {
  return { kind: 'conversation.changed', conversationId: newId(), data: { what: ['status'] } }
}
