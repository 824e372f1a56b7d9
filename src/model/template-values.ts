import { z } from 'zod'
import { jsonObjectSchema } from './json.ts'

const named = z.record(z.string().max(200), z.string().max(4_096))
const media = z.object({
  id: z.string().min(1).max(200).optional(),
  link: z.url().max(2_048).optional(),
  filename: z.string().max(240).optional(),
})
const location = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().max(1_000).optional(),
  address: z.string().max(1_000).optional(),
})
const product = z.object({ productId: z.string().min(1).max(200), catalogId: z.string().min(1).max(200) })
const button = z.object({
  suffix: z.string().max(2_000).optional().meta({ description: "replaces the variable of a link's address" }),
  payload: z.string().max(256).optional().meta({ description: 'comes back when a quick reply is tapped' }),
  code: z.string().max(20).optional().meta({ description: 'what a copy-code button copies' }),
  flowToken: z.string().max(200).optional(),
  flowData: jsonObjectSchema.optional(),
  thumbnailProductId: z.string().max(200).optional(),
  sections: z
    .array(z.object({ title: z.string().max(24), productIds: z.array(z.string().max(200)).min(1).max(30) }))
    .max(10)
    .optional(),
})
const parts = {
  media: media.optional().meta({ description: 'of an image, video or document header' }),
  product: product.optional(),
  body: named.optional().meta({ description: 'by name, or by number as a string', example: { '1': 'Ann' } }),
  buttons: z.record(z.string().regex(/^\d$/, 'is the place of a button, from 0'), button).optional(),
}

/** What goes into a template's variables, by the place it goes to. */
export const templateValuesSchema = z
  .object({
    header: named.optional(),
    location: location.optional(),
    ...parts,
    cards: z.array(z.object(parts)).max(10).optional(),
    offerEndsAt: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'TemplateValues' })
export type TemplateValues = z.infer<typeof templateValuesSchema>
export type CardValues = NonNullable<TemplateValues['cards']>[number]
export type ButtonValues = z.infer<typeof button>
