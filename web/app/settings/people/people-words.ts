import type { ChatScope, UserRole } from '../../api/people-shapes.ts'

export const roleWords: Record<UserRole, string> = {
  admin: 'Admin',
  user: 'Agent',
  app: 'Program',
}

export const scopeWords: Record<ChatScope, string> = {
  all: 'all chats',
  group: 'chats of their teams',
  user: 'chats they have',
  none: 'no chats',
}
export const scopeChoices = Object.entries(scopeWords).map(([value, label]) => ({ value, label }))
