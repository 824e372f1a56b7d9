import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { checkContact } from './check-contact.ts'
import { getSurvivor } from './find-contacts.ts'
import { acknowledgeIdentity, getIdentity } from './whatsapp-identity.ts'

const identityView = z
  .object({
    address: z.string().meta({ description: 'a phone number or a BSUID' }),
    hash: z.string().meta({ description: "WhatsApp's hash of the person behind the contact's address" }),
    acknowledged: z.boolean().meta({
      description: 'false: it changed, and nobody has said since that it is the right person',
    }),
    outdated: z.boolean().meta({ description: 'WhatsApp has not told the hash that took its place yet' }),
    seenAt: z.iso.datetime(),
    acknowledgedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WhatsAppIdentity' })
const path = '/platform/v1/contacts/:id/whatsapp-identity'
const params = z.object({ id: z.uuid() })
const numberId = z.uuid().meta({ description: 'the number of yours that was told' })
const base = { tag: 'Contacts', auth: 'key' } as const

/** What WhatsApp knows of a contact's address. */
export const whatsappRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/contacts/check',
    summary: 'Whether a phone number is on WhatsApp, as far as WhatsApp has told',
    description:
      'Known from messages that came from it, arrived there or could not be delivered; otherwise `unknown`.',
    input: { body: z.object({ waId: z.string().max(30) }) },
    output: z.object({
      waId: z.string(),
      status: z.enum(['valid', 'invalid', 'unknown']),
      evidence: z.enum(['message_received', 'message_sent', 'message_undeliverable']).nullable(),
      at: z.iso.datetime().nullable(),
      contactId: z.uuid().nullable(),
    }),
    handle: async ({ deps, actor: { workspaceId }, body }) =>
      checkContact(deps, { workspaceId, phone: body.waId }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: "Show the hash of a contact's WhatsApp identity",
    input: { params, query: z.object({ numberId }) },
    output: identityView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query }) => {
      const { id: contactId } = await getSurvivor(deps, workspaceId, id)
      return getIdentity(deps, { workspaceId, contactId, numberId: query.numberId })
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path,
    summary: 'Acknowledge a changed WhatsApp identity',
    description: '409 when the hash is not the current one.',
    input: { params, body: z.object({ numberId, hash: z.string().min(1).max(200) }) },
    output: identityView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const { id: contactId } = await getSurvivor(deps, workspaceId, id)
      return acknowledgeIdentity(deps, { workspaceId, contactId, by: nameActor(actor), ...body })
    },
  }),
]
