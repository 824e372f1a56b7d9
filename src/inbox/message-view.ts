import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'

const time = z.iso.datetime().nullable()

const ledgerView = z.object({
  state: z.enum(['planned', 'inflight', 'accepted', 'failed', 'unknown', 'skipped']),
  status: z.string().nullable(),
  class: z.string().nullable(),
  attempt: z.int(),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable().meta({ description: "WhatsApp's words, or ours where we did not send it" }),
  words: z.string().nullable().meta({ description: 'why it did not arrive, in words for people' }),
  acceptedAt: time,
  sentAt: time,
  deliveredAt: time,
  readAt: time,
  playedAt: time,
  failedAt: time,
})

const quotedView = z.object({
  id: z.uuid(),
  direction: z.enum(['in', 'out']),
  type: z.string(),
  text: z.string(),
  deletedAt: time,
})

const mediaView = z.object({
  id: z.uuid().nullable().meta({ description: 'the file is at `/platform/v1/media/{id}/file`' }),
  mimeType: z.string().nullable(),
  bytes: z.number().nullable(),
  name: z.string().nullable(),
  thumbnail: z.string().nullable().meta({ description: 'path of a small picture of it' }),
  state: z
    .enum(['ready', 'waiting', 'failed', 'outside'])
    .meta({ description: '`waiting`: it is being fetched; `outside`: it is no file of ours' }),
  problem: z.string().nullable(),
})

/** A message as the platform shows one. */
export const messageView = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    numberId: z.uuid(),
    contactId: z.uuid(),
    direction: z.enum(['in', 'out']),
    type: z.string(),
    content: jsonObjectSchema,
    text: z.string(),
    wamid: z.string().nullable(),
    contextWamid: z.string().nullable(),
    runId: z.uuid().nullable(),
    cardId: z.string().nullable(),
    createdAt: z.iso.datetime(),
    sentByCustomerAt: time,
    editedAt: time,
    deletedAt: time.meta({ description: 'its sender deleted it: what it said is gone' }),
    sender: z.object({
      kind: z.enum(['customer', 'user', 'journey', 'campaign', 'phone', 'api']),
      id: z.uuid().nullable(),
      name: z.string().nullable(),
    }),
    quoted: quotedView.nullable().meta({ description: 'what it replies to, as far as it is known here' }),
    reactions: z.array(
      z.object({
        direction: z.enum(['in', 'out']),
        emoji: z.string(),
        userId: z.uuid().nullable(),
        at: z.iso.datetime(),
      }),
    ),
    media: mediaView.nullable(),
    ledger: ledgerView.nullable().meta({ description: 'of what we sent: what became of it' }),
  })
  .meta({ id: 'Message' })
