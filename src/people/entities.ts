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
    /** Nobody signs in before. */
    activatedAt: p.datetime().nullable(),
    deactivatedAt: p.datetime().nullable(),
    totpConfirmedAt: p.datetime().nullable(),
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
    /** Of which login: the platform's, or the one that Wabbit's callers know. */
    kind: p.text().$type<'platform' | 'wabbit'>(),
    /** Of sessions whose writes must bring a second token along. */
    csrfHash: p.text().nullable(),
    address: p.text().nullable(),
    userAgent: p.text().nullable(),
    expiresAt: p.datetime(),
    createdAt: createdAt(),
    lastSeenAt: p.datetime().nullable(),
  },
})
