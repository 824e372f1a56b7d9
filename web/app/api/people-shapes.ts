/** Which chats: all, those of one's teams, one's own, or none. */
export type ChatScope = 'all' | 'group' | 'user' | 'none'

export interface ChatPermissions {
  canReadChats: ChatScope
  canWriteToChats: ChatScope
  canUseTags: boolean
}
export type OwnPermissions = { [K in keyof ChatPermissions]: ChatPermissions[K] | null }

export type UserRole = 'admin' | 'user' | 'app'

export interface User {
  id: string
  number: number
  username: string
  firstName: string
  lastName: string
  name: string
  email: string
  role: UserRole
  roleId: string | null
  isActive: boolean
  isDeactivated: boolean
  hasPassword: boolean
  hasTwoFactor: boolean
  groups: { id: string; number: number; name: string; system: UserRole | null }[]
  permissions: ChatPermissions
  ownPermissions: OwnPermissions
  createdAt: string
  lastSeenAt: string | null
}

export interface Invitation {
  url: string
  endsAt: string
}

export interface Team extends OwnPermissions {
  id: string
  number: number
  name: string
  system: UserRole | null
  memberCount: number
  createdAt: string
}

export interface CustomRole {
  id: string
  name: string
  description: string
  levels: Record<string, string>
  userCount: number
}

export interface UserSession {
  id: string
  address: string | null
  userAgent: string | null
  createdAt: string
  lastSeenAt: string | null
  isCurrent?: boolean
}

export interface AuditEntry {
  id: string
  at: string
  actor: string
  actorName: string | null
  action: string
  target: Record<string, unknown>
  fields: string[]
  status: number
  address: string | null
  requestId: string | null
}
