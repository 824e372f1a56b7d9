import type { Em } from '../db/orm.ts'
import { findPeople, type Person } from '../people/find-people.ts'
import type { ChatScope } from '../people/groups.ts'
import type { WireView } from './wire-view.ts'

export interface WireGroup {
  id: number
  name: string
}
export interface WireUser {
  url: string
  id: number
  username: string
  first_name: string
  last_name: string
  email: string
  profile: { role: 'admin' | 'user' | 'app' }
  groups: WireGroup[]
  permissions: { can_use_tags: boolean; can_read_chats: ChatScope; can_write_to_chats: ChatScope }
}

export function toWireUser({ baseUrl }: Pick<WireView, 'baseUrl'>, person: Person): WireUser {
  const { number, username, role, permissions } = person
  return {
    ...{ url: `${baseUrl}/api/v1/users/${number}/`, id: number, username, email: person.email },
    ...{ first_name: person.firstName, last_name: person.lastName, profile: { role } },
    groups: person.groups.map((group) => ({ id: group.number, name: group.name })),
    permissions: {
      can_use_tags: permissions.canUseTags,
      can_read_chats: permissions.canReadChats,
      can_write_to_chats: permissions.canWriteToChats,
    },
  }
}

/** Those of the users that are still there, by id. */
export async function loadWireUsers(
  em: Em,
  view: Pick<WireView, 'workspaceId' | 'baseUrl'>,
  ids: readonly (string | null)[],
): Promise<Map<string, WireUser>> {
  const people = await findPeople(
    em,
    view.workspaceId,
    ids.filter((id) => id !== null),
  )
  return new Map([...people].map(([id, person]) => [id, toWireUser(view, person)]))
}
