import { defineEntity, p } from '@mikro-orm/core'
import { createdAt, id, workspaceId } from '../db/columns.ts'

export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    username: p.text(),
    /** Who has none was invited, or is a program. */
    passwordHash: p.text().nullable(),
    role: p.text().$type<'admin' | 'user' | 'app'>(),
    createdAt: createdAt(),
  },
})

export const Session = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: id(),
    userId: p.uuid(),
    workspaceId: workspaceId(),
    tokenHash: p.text(),
    expiresAt: p.datetime(),
    createdAt: createdAt(),
  },
})
