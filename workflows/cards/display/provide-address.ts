import { z } from 'zod'
import type { AttributeType } from '../../../src/model/event-attributes.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { MessageContent } from '../../../src/model/message.ts'
import {
  addressFormCountries,
  addressFormFor,
  readAddress,
  type AddressFormCountry,
} from '../../../src/model/postal-address.ts'
import { askAgain, checkReminder, fittingAnswerSettings, other } from '../ask-again.ts'
import { defineCard, failed, interrupted, timeout, type Outlet } from '../card.ts'
import { body, footer, header, headerReferences, toParts, variableName } from '../message-parts.ts'

/** What an address has, as attributes: those of the product's own names are fields of every contact. */
const parts: Record<string, AttributeType> = {
  ...{ address: 'string', street: 'string', postal_code: 'string', city: 'string', state: 'string' },
  ...{ country: 'string', house_number: 'string', building_name: 'string', unit_number: 'string' },
  ...{ landmark: 'string', latitude: 'float', longitude: 'float' },
}
const usualAttributes = {
  ...{ address: 'address', postal_code: 'postal_code', city: 'city', state: 'state', country: 'country' },
  ...{ latitude: 'latitude', longitude: 'longitude' },
}

const settingsSchema = z.object({
  header,
  body,
  footer,
  form: z
    .enum(['auto', ...addressFormCountries, 'location'])
    .default('auto')
    .meta({
      title: 'How to ask',
      description: "WhatsApp's address form in India and Singapore, the location elsewhere; or one for all",
    }),
  attributes: z
    .partialRecord(z.enum(Object.keys(parts) as [string, ...string[]]), variableName)
    .prefault({})
    .transform((given) => (Object.keys(given).length === 0 ? usualAttributes : given))
    .meta({
      title: 'Save as attributes',
      description: 'A part of the address, and the attribute that it is kept in',
      widget: 'map',
    }),
  save: z.boolean().default(true).meta({ title: 'Save the address with the contact' }),
  variable: variableName.default('address').meta({
    title: 'Keep the address in a variable',
    description: 'Each part by its name, like {{vars.address.postal_code}}',
  }),
  ...fittingAnswerSettings,
})
type Settings = z.infer<typeof settingsSchema>

const provided: Outlet = { id: 'provided', label: 'Provided' }

export const provideAddress = defineCard<Settings>({
  type: 'provide-address',
  group: 'display',
  label: 'Provide address',
  icon: 'address',
  settings: settingsSchema,
  outlets: () => [provided, other, timeout, interrupted, failed],
  check: (settings) => {
    const { form, header: top, footer: bottom } = settings
    const problems = checkReminder(settings)
    // `auto` shows them where there is a form.
    if (form === 'location' && top) problems.push(['header', 'who is asked for a location sees a body only'])
    if (form === 'location' && bottom !== undefined)
      problems.push(['footer', 'who is asked for a location sees a body only'])
    return problems
  },
  refers: (settings) => headerReferences(settings.header),
  writes: ({ attributes, save }) =>
    Object.entries(save ? attributes : {}).flatMap(([part, name]) =>
      name === undefined ? [] : [{ name, type: parts[part] ?? 'string', field: `attributes.${part}` }],
    ),
  reads: (_settings, reply) => {
    const address = readAddress(reply)
    return { value: address ?? null, isValid: address !== undefined }
  },
  run: async (context, settings) => {
    const { form } = settings
    const contact = form === 'auto' ? await context.loadContact() : {}
    const country = form === 'auto' ? addressFormFor(contact) : form === 'location' ? undefined : form
    const answer = await askAgain(context, toContent(settings, country), settings, readAddress)
    if (!answer) return timeout.id
    const { value: address } = answer
    if (!address) return other.id
    context.set(settings.variable, address)
    const attributes = attributesOf(settings, address)
    if (Object.keys(attributes).length > 0) await context.perform('setAttributes', { attributes })
    return provided.id
  },
})

function toContent(settings: Settings, country: AddressFormCountry | undefined): MessageContent {
  if (country === undefined) {
    const asking = { body: { text: settings.body }, action: { name: 'send_location' as const } }
    return { type: 'interactive', interactive: { type: 'location_request_message', ...asking } }
  }
  const action = { name: 'address_message' as const, parameters: { country } }
  return { type: 'interactive', interactive: { type: 'address_message', ...toParts(settings), action } }
}

function attributesOf({ attributes, save }: Settings, address: JsonObject): JsonObject {
  const kept = Object.entries(save ? attributes : {}).flatMap(([part, name]) => {
    const value = address[part]
    return value === undefined || name === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(kept)
}
