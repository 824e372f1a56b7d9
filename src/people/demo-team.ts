import { randomBytes } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { addUser } from './manage-users.ts'
import { addGroup } from './manage-groups.ts'
import { readUserToken } from './user-token.ts'

/** Who works in the demo besides its admin. */
export interface DemoTeam {
  agents: { username: string; password: string }[]
  group: string
  bot: { username: string; token: string }
}

const group = 'Support'
const people = [
  { username: 'mira', firstName: 'Mira', lastName: 'Anders' },
  { username: 'jonas', firstName: 'Jonas', lastName: 'Reyes' },
]

/** Two agents in a team, and a program. */
export async function makeDemoTeam(
  deps: Pick<Deps, 'orm' | 'config'>,
  workspaceId: string,
): Promise<DemoTeam> {
  // Nobody asks but the installation itself, which may do what a key may.
  const actor = { workspaceId, kind: 'key', id: '' } as const
  const { id: groupId } = await addGroup(deps, { actor, name: group, canWriteToChats: 'group' })
  const agents: DemoTeam['agents'] = []
  for (const { username, ...names } of people) {
    const password = randomBytes(15).toString('base64url')
    const add = (free: string) =>
      addUser(deps, { actor, username: free, ...names, password, groupIds: [groupId] })
    agents.push({ username: (await withFreeName(username, add)).user.username, password })
  }
  const password = randomBytes(32).toString('base64url')
  const { user } = await withFreeName('robot', (free) =>
    addUser(deps, { actor, username: free, firstName: 'Demo', lastName: 'Robot', role: 'app', password }),
  )
  const token = await readUserToken(deps, { workspaceId, userId: user.id })
  return { agents, group, bot: { username: user.username, token } }
}

/** The name, or the next free `<name>-<n>`: another workspace of the installation may have it. */
export async function withFreeName<T>(name: string, add: (free: string) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await add(attempt === 1 ? name : `${name}-${attempt}`)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    }
  }
}
