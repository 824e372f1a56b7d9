import { z } from 'zod'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendText } from '../kit/send-csv.ts'
import { readAccess } from './access.ts'
import { exportChat, exportFormats, exportTypes } from './export-chat.ts'
import { getConversation } from './find-conversations.ts'

export const exportRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/conversations/:id/export',
    tag: 'Conversations',
    auth: 'key',
    summary: 'Download all that was said in a conversation',
    description:
      'As CSV (no cell runs as a formula), as JSON, or as a page to be printed. Who downloaded it is noted.',
    download: 'application/octet-stream',
    input: {
      params: z.object({ id: z.uuid() }),
      query: z.object({ format: z.enum(exportFormats).default('csv') }),
    },
    output: z.void(),
    handle: async ({ deps, actor, params: { id }, query: { format }, request }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const chat = await getConversation(deps, await readAccess(em, actor), id)
      const { id: conversationId, contactId } = chat
      const data = { conversation: conversationId, format, by: nameActor(actor) }
      await recordFacts(em, workspaceId, [
        { id: newId(), atMs: Date.now(), kind: 'chat.exported', contactId, data },
      ])
      const title = chat.contactName ?? chat.contactPhone ?? 'Conversation'
      const lines = () => exportChat(deps, { workspaceId, conversationId, title }, format)
      const file = { name: `chat-${conversationId}.${format}`, contentType: exportTypes[format] }
      await sendText(request, { ...file, byteOrderMark: format === 'csv' }, lines)
    },
  }),
]
