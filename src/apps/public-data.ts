import { integrations } from '../../integrations/index.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { listConnections } from './find-connections.ts'

/** What an outside system lets everybody know of it, where the workspace uses it. */
export async function readPublicData(
  deps: Pick<Deps, 'orm' | 'seal'>,
  { workspaceId, type, query }: { workspaceId: string; type: string; query: Record<string, string> },
): Promise<JsonObject> {
  const integration = Object.hasOwn(integrations, type) ? integrations[type] : undefined
  const isUsed = integration && (integration.optional || (await isConnected(deps, workspaceId, type)))
  if (integration?.publicData && isUsed) return integration.publicData(query)
  throw new AppError('not_found', `there is no plugin "${type}" that shows data`)
}

async function isConnected(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  integration: string,
): Promise<boolean> {
  const page = { search: undefined, before: undefined, limit: 1 }
  return (await listConnections(deps, { workspaceId, integration, ...page })).length > 0
}
