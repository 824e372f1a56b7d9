import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { testIntegration } from './call-integration.ts'
import { getConnection, type Connection } from './find-connections.ts'

/** Tries the credentials out and keeps what came of it beside the connection. */
export async function testConnection(
  deps: Pick<Deps, 'orm' | 'seal' | 'http' | 'log'>,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
): Promise<Connection> {
  const { integration } = await getConnection(deps, workspaceId, connectionId)
  const { ok, words } = await testIntegration(deps, { workspaceId, integration, connectionId })
  await forkFor(deps.orm, workspaceId).execute(
    'update app_connections set tested_at = now(), test_ok = ?, test_words = ? where id = ? and workspace_id = ?',
    [ok, words.slice(0, 1_000), connectionId, workspaceId],
  )
  return getConnection(deps, workspaceId, connectionId)
}
