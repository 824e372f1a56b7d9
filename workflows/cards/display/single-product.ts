import { z } from 'zod'
import { checkReminder } from '../ask-again.ts'
import { defineCard } from '../card.ts'
import { footer, text } from '../message-parts.ts'
import {
  askForOrder,
  orderOutlets,
  orderSettings,
  productReferences,
  readOrderReply,
  retailerId,
} from '../order-answer.ts'

const settingsSchema = z.object({
  product: retailerId,
  body: text(1_024).optional().meta({ title: 'Body', widget: 'textarea' }),
  footer,
  ...orderSettings,
})
type Settings = z.infer<typeof settingsSchema>

export const singleProduct = defineCard<Settings>({
  type: 'single-product',
  group: 'display',
  label: 'Single product',
  icon: 'product',
  settings: settingsSchema,
  outlets: () => orderOutlets,
  check: checkReminder,
  reads: readOrderReply,
  refers: (settings) => productReferences(settings, [{ id: settings.product, field: 'product' }]),
  run: (context, settings) =>
    askForOrder(context, settings, {
      kind: 'product',
      body: settings.body,
      footer: settings.footer,
      retailerId: settings.product,
    }),
})
