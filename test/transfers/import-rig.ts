import { startWorkers } from '../support/start-workers.ts'
import { routes } from '../../src/transfers/routes.ts'
import { openApi, openWorkspace } from '../support/api-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { eventually } from '../support/eventually.ts'
import { freshDatabase } from '../support/postgres.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { runSql } from '../support/run-sql.ts'
import { testNamespace, workflowBundle } from '../support/temporal.ts'
import type { Config } from '../../src/config.ts'

export type ImportRig = Awaited<ReturnType<typeof openImportRig>>

export interface ImportView {
  id: string
  state: string
  stage: string
  encoding: string
  delimiter: string
  columns: { name: string; samples: string[] }[]
  warnings: string[]
  suggestion: { column: string; to: string; name?: string }[]
  progress: Record<string, number>
  error: string | null
}

/** The whole API on a real PostgreSQL and Temporal; a worker in this process unless told otherwise. */
export async function openImportRig(overrides: Partial<Config> = {}, options: { worker?: boolean } = {}) {
  quietTemporal()
  const [database, temporal, bundle] = await Promise.all([freshDatabase(), testNamespace(), workflowBundle()])
  const places = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    WORKFLOW_BUNDLE_PATH: bundle.codePath,
  }
  const api = await openApi({ ...places, ...overrides }, routes)
  atFileEnd(api.close)
  if (options.worker ?? true) atFileEnd((await startWorkers(api.deps)).stop)
  const workspace = await openWorkspace(api, 'imports')
  const rig = { ...api, ...workspace, databaseUrl: database.url }
  return { ...rig, ...createVerbs(rig) }
}

interface Places {
  url: string
  key: string
  databaseUrl: string
}

function createVerbs({ url, key, databaseUrl }: Places) {
  const call = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const response = await fetch(`${url}/platform/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && {
        body: type === 'application/json' ? JSON.stringify(body) : body,
      }),
      duplex: 'half',
    } as RequestInit)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
  }
  const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
    (await runSql(databaseUrl, sql, values)).rows as T[]
  const upload = (file: string | Buffer, query = '') => call('POST', `/imports${query}`, file, 'text/csv')
  const settled = (id: string, states: string[], timeoutMs = 30_000) =>
    eventually(
      async () => {
        const { body } = await call('GET', `/imports/${id}`)
        const view = body as ImportView
        if (!states.includes(view.state))
          throw new Error(`the import is ${view.state}: ${JSON.stringify(view)}`)
        return view
      },
      { timeoutMs, intervalMs: 100 },
    )
  return {
    call,
    rows,
    upload,
    settled,
    /** Uploads, maps by the suggestion or as told, starts, and waits for the end. */
    async run(file: string | Buffer, mapping: object = {}, dryRun = false): Promise<ImportView> {
      const uploaded = await upload(file)
      expect(uploaded.status).toBe(201)
      const { id, suggestion } = uploaded.body as ImportView
      const mapped = await call('PUT', `/imports/${id}/mapping`, { columns: suggestion, ...mapping })
      expect([mapped.status, mapped.text]).toEqual([200, expect.any(String)])
      const started = await call('POST', `/imports/${id}/start`, { dryRun })
      expect([started.status, started.text]).toEqual([200, expect.any(String)])
      return settled(id, ['completed', 'checked', 'failed'])
    },
  }
}
