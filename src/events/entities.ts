import { defineEntity, p } from '@mikro-orm/core'
import { createdAt, id, workspaceId } from '../db/columns.ts'

export const EventType = defineEntity({
  name: 'EventType',
  tableName: 'event_types',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    name: p.text(),
    attributes: p.json<Record<string, string>>().onCreate(() => ({})),
    createdAt: createdAt(),
  },
})
