import { z } from 'zod'
import { checkReminder } from '../ask-again.ts'
import { defineCard } from '../card.ts'
import { body, footer, text } from '../message-parts.ts'
import {
  askForOrder,
  orderOutlets,
  orderSettings,
  productReferences,
  readOrderReply,
  retailerId,
} from '../order-answer.ts'

const maximumProducts = 30
const settingsSchema = z.object({
  header: text(60).meta({ title: 'Header' }),
  body,
  footer,
  sections: z
    .array(
      z.object({ title: text(24).optional(), products: z.array(retailerId).min(1).max(maximumProducts) }),
    )
    .min(1)
    .max(10)
    .meta({ title: 'Sections', description: `Up to ${maximumProducts} products in all` }),
  ...orderSettings,
})
type Settings = z.infer<typeof settingsSchema>

/** Up to 30 products in up to 10 sections. */
export const multiProduct = defineCard<Settings>({
  type: 'multi-product',
  group: 'display',
  label: 'Multiple products',
  icon: 'products',
  settings: settingsSchema,
  outlets: () => orderOutlets,
  reads: readOrderReply,
  check: (settings) => {
    const { sections } = settings
    const problems = checkReminder(settings)
    const count = sections.flatMap(({ products }) => products).length
    if (count > maximumProducts)
      problems.push(['sections', `at most ${maximumProducts} products, not ${count}`])
    const untitled = sections.findIndex(({ title }) => title === undefined)
    if (sections.length > 1 && untitled >= 0) {
      problems.push([`sections.${untitled}.title`, 'is required when there are several sections'])
    }
    return problems
  },
  refers: (settings) =>
    productReferences(
      settings,
      settings.sections.flatMap(({ products }, at) =>
        products.map((id, no) => ({ id, field: `sections.${at}.products.${no}` })),
      ),
    ),
  run: (context, settings) =>
    askForOrder(context, settings, {
      kind: 'products',
      header: settings.header,
      body: settings.body,
      footer: settings.footer,
      sections: settings.sections.map(({ title, products }) => ({ title, retailerIds: products })),
    }),
})
