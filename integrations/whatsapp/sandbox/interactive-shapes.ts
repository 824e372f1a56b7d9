import { z } from 'zod'
import { chars, id, link, media, unique } from './shape-parts.ts'

const body = z.object({ text: chars(1024) })
const footer = z.object({ text: chars(60) }).optional()
const textHeader = z.object({ type: z.literal('text'), text: chars(60), sub_text: chars(60).optional() })
const anyHeader = z
  .discriminatedUnion('type', [
    textHeader,
    z.object({ type: z.literal('image'), image: media({}) }),
    z.object({ type: z.literal('video'), video: media({}) }),
    z.object({ type: z.literal('document'), document: media({ filename: z.string().optional() }) }),
  ])
  .optional()

const replyButtons = z
  .array(z.object({ type: z.literal('reply'), reply: z.object({ id: chars(256), title: chars(20) }) }))
  .min(1)
  .max(3)
  .superRefine(unique('button id', (button) => button.reply.id))
  .superRefine(unique('button title', (button) => button.reply.title))

const rows = z
  .array(z.object({ id: chars(200), title: chars(24), description: chars(72, 0).optional() }))
  .min(1)
const listSections = z
  .array(z.object({ title: chars(24, 0).optional(), rows }))
  .min(1)
  .max(10)
  .superRefine((sections, context) => {
    const all = sections.flatMap((section) => section.rows)
    if (all.length > 10) context.addIssue({ code: 'custom', message: 'at most 10 rows over all sections' })
    unique<{ id: string }>('row id', (row) => row.id)(all, context as never)
    if (sections.length > 1 && sections.some((section) => !section.title)) {
      context.addIssue({ code: 'custom', message: 'a title is required if there is more than one section' })
    }
  })

const productSections = z
  .array(
    z.object({
      title: chars(24).optional(),
      product_items: z.array(z.object({ product_retailer_id: id })).min(1),
    }),
  )
  .min(1)
  .max(10)
  .refine((sections) => sections.flatMap((section) => section.product_items).length <= 30, {
    error: 'at most 30 products over all sections',
  })

const flowParameters = z
  .looseObject({
    flow_message_version: z.union([z.literal('3'), z.literal(3)]),
    flow_token: z.string().optional(),
    flow_id: id.optional(),
    flow_name: z.string().min(1).optional(),
    flow_cta: chars(20).refine((cta) => !/\p{Extended_Pictographic}/u.test(cta), {
      error: 'must hold no emoji',
    }),
    mode: z.enum(['draft', 'published']).optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    flow_action_payload: z.looseObject({ screen: z.string().min(1).optional() }).optional(),
  })
  .refine((flow) => (flow.flow_id === undefined) !== (flow.flow_name === undefined), {
    error: 'needs exactly one of flow_id and flow_name',
  })

/** What the customer cannot tell from free text is passed as it is: payments, permissions, carousels' inside. */
const passed = z.looseObject({ body: body.optional(), action: z.looseObject({}) })

/** The shape of `interactive` by its type, with the limits of Meta's reference. */
export const interactiveShapes: Record<string, z.ZodType> = {
  button: z.object({ header: anyHeader, body, footer, action: z.object({ buttons: replyButtons }) }),
  list: z.object({
    header: textHeader.optional(),
    body: z.object({ text: chars(4096) }),
    footer,
    action: z.object({ button: chars(20), sections: listSections }),
  }),
  cta_url: z.object({
    header: anyHeader,
    body,
    footer,
    action: z.object({
      name: z.literal('cta_url'),
      parameters: z.object({ display_text: chars(20), url: link }),
    }),
  }),
  flow: z.object({
    header: anyHeader,
    body,
    footer,
    action: z.object({ name: z.literal('flow'), parameters: flowParameters }),
  }),
  product: z.object({
    body: body.optional(),
    footer,
    action: z.object({ catalog_id: id, product_retailer_id: id }),
  }),
  product_list: z.object({
    header: textHeader,
    body,
    footer,
    action: z.object({ catalog_id: id, sections: productSections }),
  }),
  catalog_message: z.object({
    body,
    footer,
    action: z.object({
      name: z.literal('catalog_message'),
      parameters: z.looseObject({ thumbnail_product_retailer_id: id.optional() }).optional(),
    }),
  }),
  address_message: z.object({
    header: anyHeader,
    body,
    footer,
    action: z.object({
      name: z.literal('address_message'),
      parameters: z.looseObject({ country: z.string().length(2) }),
    }),
  }),
  location_request_message: z.object({ body, action: z.object({ name: z.literal('send_location') }) }),
  carousel: z.object({
    body,
    action: z.looseObject({
      cards: z
        .array(z.looseObject({ card_index: z.number().int() }))
        .min(2)
        .max(10),
    }),
  }),
  call_permission_request: passed,
  voice_call: z.object({
    body,
    action: z.object({
      name: z.literal('voice_call'),
      parameters: z
        .object({ display_text: chars(20), ttl_minutes: z.number().int().min(1).max(43_200).optional() })
        .optional(),
    }),
  }),
  order_details: passed,
  order_status: passed,
  request_contact_info: passed,
}
