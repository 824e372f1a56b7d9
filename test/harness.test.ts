import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { eventually } from './support/eventually.ts'
import { freePort } from './support/free-port.ts'
import { freshDatabase, privatePostgres } from './support/postgres.ts'
import { startProcess } from './support/processes.ts'
import { quietTemporal } from './support/quiet-temporal.ts'
import { runSql } from './support/run-sql.ts'
import { privateTemporal, testNamespace } from './support/temporal.ts'

describe('PostgreSQL', () => {
  test('each fresh database is migrated and alone', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()])
    await runSql(one.url, 'create table only_here (id int)')
    await expect(runSql(other.url, 'select * from only_here')).rejects.toThrow(/does not exist/)
    const { rows } = await runSql(other.url, `select to_regclass('messages') as messages`)
    expect(rows).toEqual([{ messages: 'messages' }])
    await one.drop()
    await expect(runSql(one.url, 'select 1')).rejects.toThrow(/does not exist/)
  })

  test('a private server keeps its commits over kill -9 and a stop', async () => {
    const server = await privatePostgres()
    await runSql(server.url(), 'create table kept as select generate_series(1, 1000) as id')
    await server.kill()
    await expect(runSql(server.url(), 'select 1')).rejects.toThrow(/ECONNREFUSED/)
    await server.start()
    await server.stop()
    await server.start()
    const { rows } = await runSql(server.url(), 'select count(*)::int as kept from kept')
    expect(rows).toEqual([{ kept: 1000 }])
  })
})

describe('Temporal', () => {
  test('a workflow in TypeScript runs in a namespace of its own', async () => {
    quietTemporal()
    const { address, namespace } = await testNamespace()
    const [connection, clientConnection] = await Promise.all([
      NativeConnection.connect({ address }),
      Connection.connect({ address }),
    ])
    const { workflow } = new Client({ connection: clientConnection, namespace })
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: 'greetings',
      workflowsPath: fileURLToPath(new URL('./fixtures/greet-workflow.ts', import.meta.url)),
      activities: { shout: async (text: string) => text.toUpperCase() },
    })
    const greeting = await worker.runUntil(async () => {
      const options = { taskQueue: 'greetings', workflowId: 'one', args: ['you'] }
      const handle = await workflow.start('greet', options)
      await eventually(async () => {
        expect(await workflow.count(`DriplineState = 'waiting'`)).toMatchObject({ count: 1 })
      })
      await handle.signal('opened')
      return handle.result()
    })
    await Promise.all([connection.close(), clientConnection.close()])
    expect(greeting).toBe('HELLO YOU')
  })

  test('a private server keeps its executions over kill -9', async () => {
    const server = await privateTemporal()
    const connection = await Connection.connect({ address: server.address })
    const { workflow } = new Client({ connection, namespace: server.namespace })
    const handle = await workflow.start('greet', { taskQueue: 'nobody', workflowId: 'one', args: ['you'] })
    await server.kill()
    await server.start()
    expect(await eventually(() => handle.describe())).toMatchObject({ status: { name: 'RUNNING' } })
    await connection.close()
  })
})

describe('processes', () => {
  const server = 'test/fixtures/one-port-server.ts'

  test('start with the given environment only, and end as told', async () => {
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}/`
    const child = startProcess(server, { GREETING: 'hi' }, [port])
    await child.waitForLine(/listening on (\d+)/)
    await child.waitForUrl(url)
    expect(await (await fetch(url, { headers: { connection: 'close' } })).text()).toBe('hi')
    expect(await child.stop()).toBe(7)
    const second = startProcess(server, {}, [port])
    await second.waitForUrl(url)
    await second.kill()
    await expect(fetch(url)).rejects.toThrow()
  })

  test('one that ends too early is told at once, with its log', async () => {
    const child = startProcess(server, {}, ['no port'])
    await expect(child.waitForLine(/listening/)).rejects.toThrow(/ended with 1[^]*ERR_SOCKET_BAD_PORT/)
  })
})
