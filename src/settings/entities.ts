import { randomBytes } from 'node:crypto'
import { defineEntity, p } from '@mikro-orm/core'
import { createdAt, id, workspaceId } from '../db/columns.ts'

export const Workspace = defineEntity({
  name: 'Workspace',
  tableName: 'workspaces',
  properties: { id: id(), name: p.text(), createdAt: createdAt() },
})

export const PhoneNumber = defineEntity({
  name: 'PhoneNumber',
  tableName: 'phone_numbers',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    phoneNumberId: p.text(),
    wabaId: p.text(),
    displayNumber: p.text(),
    /** Business portfolio: the scope within which a BSUID names one person. */
    portfolioId: p.text().default(''),
    sealedAccessToken: p.text(),
    sealedAppSecret: p.text(),
    verifyTokenHash: p.text(),
    messagesPerSecond: p.integer().default(80),
    /** Contacts to whom Meta lets it open a conversation in 24 hours; null is without limit. */
    messagingLimit: p.integer().nullable(),
    /** WhatsApp tells who is behind an address, and sends go only to whom we trust. */
    identityCheck: p.boolean().default(false),
    /** What Engati's callers know the number by. */
    botRef: p.text().onCreate(() => randomBytes(8).toString('hex')),
    /** As WhatsApp told last; only the autopilot writes them. */
    quality: p.text().nullable(),
    throughput: p.text().nullable(),
    restriction: p.text().nullable(),
    healthAt: p.datetime().nullable(),
    limitKnownAt: p.datetime().nullable(),
    createdAt: createdAt(),
  },
})

export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    numberId: p.uuid().nullable(),
    name: p.text(),
    kind: p.text().$type<'platform' | 'engati' | 'chatman' | 'chatinc'>(),
    prefix: p.text(),
    secretHash: p.text(),
    createdAt: createdAt(),
    lastUsedAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
})

export const PayloadKey = defineEntity({
  name: 'PayloadKey',
  tableName: 'payload_keys',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    subject: p.text(),
    sealedKey: p.text().nullable(),
    createdAt: createdAt(),
    erasedAt: p.datetime().nullable(),
  },
})
