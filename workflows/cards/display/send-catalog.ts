import { z } from 'zod'
import { checkReminder } from '../ask-again.ts'
import { defineCard } from '../card.ts'
import { body, footer } from '../message-parts.ts'
import {
  askForOrder,
  orderOutlets,
  orderSettings,
  productReferences,
  readOrderReply,
  retailerId,
} from '../order-answer.ts'

const settingsSchema = z.object({
  body,
  footer,
  thumbnail: retailerId
    .optional()
    .meta({ title: 'Product on the picture', description: 'The first one of the catalog when absent' }),
  ...orderSettings,
})
type Settings = z.infer<typeof settingsSchema>

/** The whole catalog behind one button. */
export const sendCatalog = defineCard<Settings>({
  type: 'send-catalog',
  group: 'display',
  label: 'Send catalog',
  icon: 'catalog',
  settings: settingsSchema,
  outlets: () => orderOutlets,
  check: checkReminder,
  reads: readOrderReply,
  refers: (settings) =>
    productReferences(settings, settings.thumbnail ? [{ id: settings.thumbnail, field: 'thumbnail' }] : []),
  run: (context, settings) =>
    askForOrder(context, settings, {
      kind: 'catalog',
      body: settings.body,
      footer: settings.footer,
      thumbnailRetailerId: settings.thumbnail,
    }),
})
