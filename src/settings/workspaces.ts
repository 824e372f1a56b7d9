import { newId } from '../db/columns.ts'
import type { Deps } from '../deps.ts'
import { Workspace } from './entities.ts'

export async function createWorkspace({ orm }: Pick<Deps, 'orm'>, name: string): Promise<string> {
  const id = newId()
  await orm.em.fork().insert(Workspace, { id, name, createdAt: new Date() })
  return id
}
