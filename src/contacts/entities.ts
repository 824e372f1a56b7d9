import { defineEntity, p } from '@mikro-orm/core'
import { createdAt, id, updatedAt, workspaceId } from '../db/columns.ts'
import type { JsonObject } from '../model/json.ts'

export const Contact = defineEntity({
  name: 'Contact',
  tableName: 'contacts',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    name: p.text().nullable(),
    firstName: p.text().nullable(),
    lastName: p.text().nullable(),
    email: p.text().nullable(),
    language: p.text().nullable(),
    timeZone: p.text().nullable(),
    attributes: p.json<JsonObject>().onCreate(() => ({})),
    tags: p.array().default([]),
    optedOutAt: p.datetime().nullable(),
    mergedInto: p.uuid().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
})

export const identityKinds = [
  'wa_id',
  'bsuid',
  'parent_bsuid',
  'username',
  'external',
  'email',
  'widget',
] as const

/** A claim that a value names a contact, with where it came from and while it holds. */
export const Identity = defineEntity({
  name: 'Identity',
  tableName: 'identities',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    contactId: p.uuid(),
    kind: p.text().$type<(typeof identityKinds)[number]>(),
    scope: p.text().default(''),
    value: p.text(),
    source: p.text(),
    validFrom: p.datetime().onCreate(() => new Date()),
    validTo: p.datetime().nullable(),
  },
})
