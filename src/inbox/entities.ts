import { defineEntity, p } from '@mikro-orm/core'
import { createdAt, id, workspaceId } from '../db/columns.ts'
import type { JsonObject } from '../model/json.ts'

export const Conversation = defineEntity({
  name: 'Conversation',
  tableName: 'conversations',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    numberId: p.uuid(),
    contactId: p.uuid(),
    /** The workflow that awaits this contact's next message, and its question. */
    floorWorkflowId: p.text().nullable(),
    floorAskKey: p.text().nullable(),
    windowEndsAt: p.datetime().nullable(),
    lastMessageAt: p.datetime().nullable(),
    createdAt: createdAt(),
  },
})

/** Inbound rows are what customers said; outbound rows are the send ledger: one row from plan to read. */
export const Message = defineEntity({
  name: 'Message',
  tableName: 'messages',
  properties: {
    id: id(),
    workspaceId: workspaceId(),
    conversationId: p.uuid(),
    numberId: p.uuid(),
    contactId: p.uuid(),
    direction: p.text().$type<'in' | 'out'>(),
    type: p.text(),
    content: p.json<JsonObject>(),
    text: p.text().default(''),
    wamid: p.text().nullable(),
    contextWamid: p.text().nullable(),
    runId: p.uuid().nullable(),
    cardId: p.text().nullable(),
    factId: p.uuid(),
    causeId: p.uuid().nullable(),
    sendKey: p.text().nullable(),
    class: p.text().nullable(),
    state: p
      .text()
      .$type<'planned' | 'inflight' | 'accepted' | 'failed' | 'unknown' | 'skipped'>()
      .nullable(),
    attempt: p.integer().default(0),
    reasonCode: p.text().nullable(),
    reason: p.text().nullable(),
    acceptedAt: p.datetime().nullable(),
    status: p.text().nullable(),
    sentAt: p.datetime().nullable(),
    deliveredAt: p.datetime().nullable(),
    readAt: p.datetime().nullable(),
    playedAt: p.datetime().nullable(),
    failedAt: p.datetime().nullable(),
    createdAt: createdAt(),
  },
})
