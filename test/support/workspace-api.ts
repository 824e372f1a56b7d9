import type { Config } from '../../src/config.ts'
import { newId } from '../../src/db/columns.ts'
import type { Route } from '../../src/kit/route.ts'
import { createAsk, openApi, openWorkspace } from './api-rig.ts'
import { freshDatabase } from './postgres.ts'
import { runSql } from './run-sql.ts'

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
export type WorkspaceApi = Awaited<ReturnType<typeof openWorkspaceApi>>

/** The API with these routes over a database of its own, and two workspaces; it is asked as the first. Close it when done. */
export async function openWorkspaceApi(routes: Route[], overrides: Partial<Config> = {}) {
  const { url: databaseUrl } = await freshDatabase()
  const api = await openApi({ DATABASE_URL: databaseUrl, ...overrides }, routes)
  const ours = await openWorkspace(api, 'ours')
  const theirs = await openWorkspace(api, 'theirs')
  const rows = async <T extends object = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
    (await runSql(databaseUrl, sql, values)).rows as T[]
  return {
    ...{ api, deps: api.deps, databaseUrl, ours, theirs, rows, close: api.close },
    ask: createAsk(api, ours.key),
    /** A number of the first workspace, which conversations can be on and journeys can belong to. */
    async addNumber(): Promise<string> {
      const id = newId()
      await rows(
        `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
           sealed_app_secret, verify_token_hash) values ($1, $2, $1::uuid::text, '1', '1', '', '', '')`,
        [id, ours.workspaceId],
      )
      return id
    },
  }
}
