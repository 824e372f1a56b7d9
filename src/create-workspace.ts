import { randomBytes } from 'node:crypto'
import { compose, dispose } from './compose.ts'
import { loadConfig } from './config.ts'
import { forkFor } from './db/orm.ts'
import { createApiKey } from './settings/api-keys.ts'
import { Workspace } from './settings/entities.ts'
import { createUser } from './people/users.ts'
import { createWorkspace } from './settings/workspaces.ts'

/** The first workspace of an installation, with its administrator: `node src/create-workspace.ts <name> <username>`. */
const [name, username] = process.argv.slice(2)
if (!name || !username) {
  console.error('Usage: node src/create-workspace.ts <workspace name> <username of its administrator>')
  process.exit(2)
}

const deps = await compose({ ...loadConfig(), LOG_LEVEL: 'error' }, 'create-workspace')
try {
  const password = randomBytes(15).toString('base64url')
  const workspaceId = await createWorkspace(deps, name)
  try {
    await createUser(deps, { workspaceId, username, password, role: 'admin' })
  } catch (error) {
    // A taken name must not leave a workspace behind that nobody can enter.
    await forkFor(deps.orm, workspaceId).nativeDelete(Workspace, workspaceId)
    throw error
  }
  const { key } = await createApiKey(deps, { workspaceId, name: 'first key', kind: 'platform' })
  console.log(
    `Workspace ${name} (${workspaceId})\n  username  ${username}\n  password  ${password}\n  API key   ${key}`,
  )
  console.log('Neither is shown again.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await dispose(deps)
}
