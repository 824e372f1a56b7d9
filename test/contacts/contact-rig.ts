import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { openApi, openWorkspace } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

export interface Contact {
  id: string
  created: boolean
  name: string | null
  attributes: Record<string, unknown>
  tags: string[]
  mergedInto: string | null
  identities: { id: string; kind: string; scope: string; value: string; validTo: string | null }[]
}
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
export type ContactRig = Awaited<ReturnType<typeof openContacts>>

/** The API over a database of its own, with two workspaces. */
export async function openContacts() {
  const { url: databaseUrl } = await freshDatabase()
  const routes = [...contactRoutes, ...inboxRoutes, ...journeyRoutes, ...analyticsRoutes]
  const api = await openApi({ DATABASE_URL: databaseUrl }, routes)
  const ours = await openWorkspace(api, 'ours')
  const theirs = await openWorkspace(api, 'theirs')

  async function ask<T = Record<string, never>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    token = ours.key,
  ): Promise<T> {
    const answer = await api.ask(method, `/platform/v1${path}`, {
      token,
      ...(body !== undefined && { body }),
    })
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
    return answer.body as T
  }
  const rows = async <T extends object>(sql: string, values: unknown[] = []) =>
    (await runSql(databaseUrl, sql, values)).rows as T[]

  return {
    api,
    ours,
    theirs,
    ask,
    rows,
    create: (body: object) => ask<Contact>(201, 'POST', '/contacts', body),
    get: (id: string) => ask<Contact>(200, 'GET', `/contacts/${id}`),
    /** A number that conversations can be on. */
    async number(): Promise<string> {
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
