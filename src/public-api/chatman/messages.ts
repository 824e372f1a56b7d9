import { z } from 'zod'
import { findContact } from '../../contacts/look-up-contacts.ts'
import { resolveContact } from '../../contacts/resolve-contact.ts'
import { sendToContact } from '../../inbox/send-to-contact.ts'
import { interactiveSchema, type Interactive } from '../../model/interactive.ts'
import type { MessageContent } from '../../model/message.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { toReference, userFields, userSchema } from './wire.ts'

const tag = 'Send Message'
const words = (maximum: number) => z.string().trim().min(1).max(maximum)
const to = {
  user: userSchema.optional().meta({ description: 'to whom; an unknown wa_id becomes a contact' }),
  ...userFields,
}
const text = z.object({
  ...to,
  text: words(4096),
  preview_url: z.boolean().default(false).meta({ description: 'a preview of the first link' }),
})
const row = z.object({ id: words(200), title: words(24), description: words(72).optional() })
const listFields = z.object({
  ...to,
  header: words(60).optional(),
  body: words(4096),
  footer: words(60).optional(),
  button: words(20).meta({ description: 'opens the list' }),
  sections: z
    .array(z.object({ title: words(24).optional(), rows: z.array(row).min(1).max(10) }))
    .min(1)
    .max(10)
    .meta({ description: 'with up to 10 rows in all' }),
})
const list = listFields.superRefine((given, context) => {
  const { error } = interactiveSchema.safeParse(toInteractive(given))
  for (const { path, message } of error?.issues ?? [])
    context.addIssue({ code: 'custom', path: path[0] === 'action' ? path.slice(1) : path, message })
})
const sentWire = z.object({
  message_id: z.uuid(),
  user_id: z.uuid(),
  status: z.string().meta({ example: 'planned', description: 'what is answered with an id is sent' }),
  created_at: z.iso.datetime(),
})
type To = { user?: z.output<typeof userSchema> | undefined } & {
  [K in keyof typeof userFields]?: string | undefined
}

export const messageRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'post', path: '/messages/text', summary: 'Send Text Message', status: 201 },
    description:
      'Within 24 hours of the last word of the user. Send an `Idempotency-Key`: the same is the same message.',
    input: { body: text },
    output: sentWire,
    call: (call) =>
      send(call, { type: 'text', text: { body: call.body.text, preview_url: call.body.preview_url } }),
    toWire: toWireSent,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/messages/list', summary: 'Send List Message', status: 201 },
    description: 'Within 24 hours of the last word of the user.',
    input: { body: list },
    output: sentWire,
    call: (call) => send(call, { type: 'interactive', interactive: toInteractive(call.body) }),
    toWire: toWireSent,
  }),
]

function toInteractive({ header, body, footer, button, sections }: z.output<typeof listFields>): Interactive {
  return {
    type: 'list',
    ...(header !== undefined && { header: { type: 'text', text: header } }),
    body: { text: body },
    ...(footer !== undefined && { footer: { text: footer } }),
    action: { button, sections },
  }
}

async function send(
  { deps, workspaceId, numberId, by, body }: Call<unknown, unknown, To>,
  content: MessageContent,
) {
  const reference = toReference(body.user ?? body)
  const { waId } = reference
  const contactId =
    waId !== undefined && reference.contactId === undefined
      ? await resolveContact(deps, { workspaceId, waId, by })
      : await findContact(deps, workspaceId, reference)
  return sendToContact(deps, { workspaceId, numberId, contactId, content, by })
}

function toWireSent(message: Awaited<ReturnType<typeof send>>): z.input<typeof sentWire> {
  const { id, contactId, ledger, createdAt } = message
  return { message_id: id, user_id: contactId, status: ledger?.state ?? 'planned', created_at: createdAt }
}
