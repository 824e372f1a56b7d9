import { z } from 'zod'
import { resolveContact } from '../../contacts/resolve-contact.ts'
import { jsonObjectSchema, type JsonObject } from '../../model/json.ts'
import { valuesOfComponents } from '../../model/template-from-components.ts'
import { demandBot } from '../../settings/find-bot.ts'
import { sendTemplate } from '../../templates/send-template.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { botParams, toBot } from './bot-params.ts'
import { readLoose } from './loose-names.ts'
import { templateNames, templateWire } from './template-wire.ts'

const body = z.object({
  phoneNumber: z.coerce.string().min(1).max(40).meta({ description: 'with country code' }),
  payload: templateWire,
})

export const templateRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag: 'WhatsApp template', method: 'post', summary: 'WhatsApp template' },
    path: '/whatsapp-api/v1.0/customer/:customer_id/bot/:bot_ref/template',
    description:
      'Sends an approved template to a phone number, who becomes a user when new. The payload of a quick reply may be ' +
      '`flow_<key>||data_<name>=<value>`: a tap then starts that journey with its data.',
    input: {
      params: botParams,
      body: jsonObjectSchema.meta({ description: 'phoneNumber and payload, as documented' }),
    },
    output: z.object({ message_id: z.uuid() }),
    call: sendToPhone,
    toWire: ({ id }) => ({ message_id: id }),
    fields: { waId: 'phoneNumber', name: 'payload.name', language: 'payload.language.code' },
  }),
]

async function sendToPhone({
  deps,
  workspaceId,
  numberId,
  by,
  params,
  body: sent,
  request,
}: Call<z.output<typeof botParams>, unknown, JsonObject>) {
  await demandBot(deps, { workspaceId, numberId }, toBot(params))
  const { phoneNumber, payload } = readLoose(body, ['phoneNumber', ...templateNames], sent, request)
  const contactId = await resolveContact(deps, { workspaceId, waId: phoneNumber, by })
  const { name, language, components } = payload
  const values = valuesOfComponents(components)
  return sendTemplate(deps, { workspaceId, numberId, contactId, name, language: language.code, values, by })
}
