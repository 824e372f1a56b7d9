import { z } from 'zod'
import { findByAttribute } from '../../contacts/find-by-attribute.ts'
import type { ContactDetail } from '../../contacts/find-contacts.ts'
import { jsonObjectSchema } from '../../model/json.ts'
import { demandBot } from '../../settings/find-bot.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { botParams, toBot } from './bot-params.ts'
import { readLoose } from './loose-names.ts'
import { pageFields, pageNames, withoutBlanks, type WirePage } from './page.ts'

const query = z.object({
  attribute_name: z.string().trim().min(1).max(200),
  attribute_value: z.string().max(1_000),
  ...pageFields,
})
const nullable = z.string().nullable()
const userWire = z
  .object({
    user_id: z.string().meta({ description: 'the phone number; of users without one another id' }),
    phone_no: nullable,
    channel: z.literal('whatsapp'),
    user_name: nullable,
    first_name: nullable,
    last_name: nullable,
    email: nullable,
    attributes: jsonObjectSchema,
  })
  .meta({ id: 'EngatiUser' })

export const userRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag: 'Users API', method: 'get', summary: 'Users API' },
    path: '/bot-api/v1.0/customer/:customer_id/bot/:bot_ref/users',
    description:
      'Users whose attribute has the value, e.g. those who have feedback with 1 star. Nobody has an attribute that is not declared.',
    input: { params: botParams, query: z.looseObject(query.partial().shape) },
    output: z.array(userWire),
    call: findUsers,
    toWire: (users) => users.map(toWireUser),
  }),
]

async function findUsers({
  deps,
  workspaceId,
  numberId,
  params,
  query: sent,
  request,
}: Call<z.output<typeof botParams>, Record<string, unknown>>) {
  await demandBot(deps, { workspaceId, numberId }, toBot(params))
  const given = readLoose(
    query,
    ['attribute_name', 'attribute_value', ...pageNames],
    jsonObjectSchema.parse(withoutBlanks(sent)),
    request,
  )
  const { page_number, page_size: limit }: WirePage = given
  const { attribute_name: name, attribute_value: value } = given
  return findByAttribute(deps, { workspaceId, name, value, from: (page_number - 1) * limit, limit })
}

function toWireUser(contact: ContactDetail): z.input<typeof userWire> {
  const current = (kind: string) =>
    contact.identities.findLast((each) => each.kind === kind && each.validTo === null)?.value ?? null
  const phone = current('wa_id')
  return {
    ...{ user_id: phone ?? contact.id, phone_no: phone, channel: 'whatsapp', user_name: contact.name },
    ...{ first_name: contact.firstName, last_name: contact.lastName, email: contact.email },
    attributes: contact.attributes,
  }
}
