import { newId } from '../../src/db/columns.ts'
import { beat, endBeat } from '../../src/kit/worker-beat.ts'
import { openApi, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { freshDatabase, privatePostgres } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace } from '../support/temporal.ts'

const opened: ApiRig[] = []
const open = async (config: Parameters<typeof openApi>[0]) => {
  const api = await openApi(config)
  opened.push(api)
  return api
}
afterAll(() => Promise.all(opened.map((api) => api.close())))

const nowhere = async () => `127.0.0.1:${await freePort()}`

test('with everything away the process is up and says what it misses, soon', async () => {
  const api = await open({
    DATABASE_URL: `postgres://a@${await nowhere()}/b`,
    TEMPORAL_ADDRESS: await nowhere(),
  })
  expect(await api.ask('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  const startedAt = performance.now()
  const ready = await api.ask('GET', '/readyz')
  expect(performance.now() - startedAt).toBeLessThan(9_000)
  const away = { status: 'error', ms: expect.any(Number), error: expect.any(String) }
  expect(ready).toMatchObject({
    status: 503,
    body: { status: 'error', checks: { postgres: away, temporal: away, worker: away } },
  })
  const token = `drip_abcdefghij_${'x'.repeat(43)}`
  const answer = await api.ask('GET', '/platform/v1/workspace', { token })
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(answer.headers.get('retry-after')).toBe('2')
  const metrics = await api.ask('GET', '/metrics')
  expect(metrics).toMatchObject({ status: 200, text: expect.stringContaining('dripline_database_up 0') })
  const page = await api.ask('GET', '/')
  expect(page).toMatchObject({
    status: 200,
    text: expect.stringContaining('<li class="error"><strong>PostgreSQL'),
  })
})

test('what answers is told apart from what does not', async () => {
  const [database, temporal] = await Promise.all([freshDatabase(), testNamespace()])
  const api = await open({
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  })
  const ready = await api.ask('GET', '/readyz')
  expect(ready).toMatchObject({
    status: 503,
    body: {
      checks: {
        postgres: { status: 'ok' },
        temporal: { status: 'ok' },
        worker: { error: 'no worker runs' },
      },
    },
  })
  const worker = async () => {
    const answer = (await api.ask('GET', '/readyz')).body as { checks: { worker: object } }
    return answer.checks.worker
  }
  const workerId = newId()
  await beat(api.deps.orm, workerId)
  await eventually(async () => expect(await worker()).toMatchObject({ status: 'ok' }))
  await runSql(database.url, `update worker_beats set seen_at = now() - interval '9 seconds'`)
  await eventually(async () =>
    expect(await worker()).toMatchObject({ error: expect.stringMatching(/heard of for (9|\d\d) s/) }),
  )
  await endBeat(api.deps.orm, workerId)
  await eventually(async () => expect(await worker()).toMatchObject({ error: 'no worker runs' }))
  const metrics = (await api.ask('GET', '/metrics')).text
  expect(metrics).toMatch(/^dripline_outbox_rows 0$/m)
  expect(metrics).toMatch(/^dripline_outbound_messages\{state="inflight"\} 0$/m)
  expect(metrics).toMatch(/^process_cpu_seconds_total /m)
  expect(metrics).toMatch(
    /^dripline_http_request_duration_seconds_count\{method="GET",route="\/readyz",status="503"\} \d/m,
  )
})

test('PostgreSQL may go and come back under a running process', async () => {
  const postgres = await privatePostgres()
  const api = await open({ DATABASE_URL: postgres.url(), TEMPORAL_ADDRESS: await nowhere() })
  const check = async () => {
    const { checks } = (await api.ask('GET', '/readyz')).body as { checks: { postgres: object } }
    return checks.postgres
  }
  expect(await check()).toMatchObject({ status: 'ok' })
  await postgres.kill()
  await eventually(async () => expect(await check()).toMatchObject({ status: 'error' }))
  await postgres.start()
  await eventually(async () => expect(await check()).toMatchObject({ status: 'ok' }))
})
