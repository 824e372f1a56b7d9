import { z } from 'zod'

/**
 * `interactive` of an outgoing message by its type, with the limits of Meta's reference (Cloud API, interactive messages;
 * Flows, sending a flow). A field that Meta does not know is refused by name.
 */
const words = (maximum: number) => z.string().min(1).max(maximum)

/** Media by Meta's id, by a link, or by our id of a file in the media library; never two of them. */
export const mediaSourceSchema = z
  .object({
    id: z.string().min(1).optional(),
    link: z.string().min(1).optional(),
    library: z.uuid().optional().meta({ description: 'a file of the media library' }),
  })
  .refine(
    ({ id, link, library }) => [id, link, library].filter(Boolean).length === 1,
    'give one of id, link and library',
  )

const textHeader = z.strictObject({ type: z.literal('text'), text: words(60) })
const header = z.discriminatedUnion('type', [
  textHeader,
  z.strictObject({ type: z.literal('image'), image: mediaSourceSchema }),
  z.strictObject({ type: z.literal('video'), video: mediaSourceSchema }),
  z.strictObject({ type: z.literal('document'), document: mediaSourceSchema }),
])
const body = z.strictObject({ text: words(1024) })
const footer = z.strictObject({ text: words(60) }).optional()
const parts = { header: header.optional(), body, footer }

type Path = (string | number)[]
/** Names every item whose key another one before it has. */
function refuseRepeats(
  context: z.core.$RefinementCtx,
  what: string,
  items: { path: Path; key: string }[],
): void {
  const seen = new Set<string>()
  for (const { path, key } of items) {
    if (seen.has(key)) {
      context.issues.push({ code: 'custom', input: key, path, message: `another one has this ${what}` })
    }
    seen.add(key)
  }
}

const replyButtons = z
  .array(
    z.strictObject({ type: z.literal('reply'), reply: z.strictObject({ id: words(256), title: words(20) }) }),
  )
  .min(1)
  .max(3)
  .superRefine((buttons, context) => {
    const keyed = (field: 'id' | 'title') =>
      buttons.map(({ reply }, at) => ({ path: [at, 'reply', field], key: reply[field] }))
    refuseRepeats(context, 'id', keyed('id'))
    refuseRepeats(context, 'title, which WhatsApp refuses', keyed('title'))
  })

const maximumRows = 10
const listSections = z
  .array(
    z.strictObject({
      title: words(24).optional(),
      rows: z
        .array(z.strictObject({ id: words(200), title: words(24), description: words(72).optional() }))
        .min(1),
    }),
  )
  .min(1)
  .max(10)
  .superRefine((sections, context) => {
    const rows = sections.flatMap((section, at) =>
      section.rows.map(({ id }, row) => ({ path: [at, 'rows', row, 'id'], key: id })),
    )
    refuseRepeats(context, 'row id', rows)
    refuseMore(context, rows.length, maximumRows, 'rows')
    requireTitles(context, sections)
  })

const maximumProducts = 30
const productSections = z
  .array(
    z.strictObject({
      title: words(24).optional(),
      product_items: z.array(z.strictObject({ product_retailer_id: words(100) })).min(1),
    }),
  )
  .min(1)
  .max(10)
  .superRefine((sections, context) => {
    refuseMore(context, sections.flatMap((each) => each.product_items).length, maximumProducts, 'products')
    requireTitles(context, sections)
  })

function refuseMore(context: z.core.$RefinementCtx, count: number, maximum: number, what: string): void {
  if (count <= maximum) return
  const message = `at most ${maximum} ${what} over all sections, not ${count}`
  context.issues.push({ code: 'custom', input: count, path: [], message })
}

function requireTitles(context: z.core.$RefinementCtx, sections: { title?: string | undefined }[]): void {
  if (sections.length < 2) return
  for (const [at, { title }] of sections.entries()) {
    if (title) continue
    const message = 'is required when there is more than one section'
    context.issues.push({ code: 'custom', input: title, path: [at, 'title'], message })
  }
}

const flowParameters = z
  .strictObject({
    flow_message_version: z.literal('3'),
    flow_token: words(200).optional(),
    flow_id: words(64).optional(),
    flow_name: words(200).optional(),
    flow_cta: words(20).refine((cta) => !/\p{Extended_Pictographic}/u.test(cta), 'may hold no emoji'),
    mode: z.enum(['draft', 'published']).optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    flow_action_payload: z
      .strictObject({
        screen: words(80).optional(),
        data: z
          .record(z.string(), z.json())
          .refine((data) => Object.keys(data).length > 0, 'must not be empty: leave it out')
          .optional(),
      })
      .optional(),
  })
  .superRefine((flow, context) => {
    if ((flow.flow_id === undefined) === (flow.flow_name === undefined)) {
      const message = 'give either flow_id or flow_name'
      context.issues.push({ code: 'custom', input: flow.flow_id, path: ['flow_id'], message })
    }
    if (flow.flow_action === 'data_exchange' && flow.flow_action_payload !== undefined) {
      const message = 'the endpoint decides the first screen: leave it out, or navigate'
      context.issues.push({ code: 'custom', input: flow, path: ['flow_action_payload'], message })
    }
  })

export const interactiveSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    ...parts,
    action: z.strictObject({ buttons: replyButtons }),
  }),
  z.strictObject({
    type: z.literal('list'),
    header: textHeader.optional(),
    body: z.strictObject({ text: words(4096) }),
    footer,
    action: z.strictObject({ button: words(20), sections: listSections }),
  }),
  z.strictObject({
    type: z.literal('cta_url'),
    ...parts,
    action: z.strictObject({
      name: z.literal('cta_url'),
      parameters: z.strictObject({
        display_text: words(20),
        url: z.url(),
        tracked: z
          .boolean()
          .optional()
          .meta({ description: 'clicks are counted: the button leads over a link of ours' }),
      }),
    }),
  }),
  z.strictObject({
    type: z.literal('voice_call'),
    body,
    action: z.strictObject({
      name: z.literal('voice_call'),
      parameters: z.strictObject({
        display_text: words(20),
        ttl_minutes: z.number().int().min(1).max(43_200).optional(),
      }),
    }),
  }),
  z.strictObject({
    type: z.literal('flow'),
    ...parts,
    action: z.strictObject({ name: z.literal('flow'), parameters: flowParameters }),
  }),
  z.strictObject({
    type: z.literal('location_request_message'),
    body,
    action: z.strictObject({ name: z.literal('send_location') }),
  }),
  z.strictObject({
    type: z.literal('address_message'),
    ...parts,
    action: z.strictObject({
      name: z.literal('address_message'),
      parameters: z.looseObject({
        country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code, e.g. IN'),
      }),
    }),
  }),
  z.strictObject({
    type: z.literal('product'),
    body: body.optional(),
    footer,
    action: z.strictObject({ catalog_id: words(64), product_retailer_id: words(100) }),
  }),
  z.strictObject({
    type: z.literal('product_list'),
    header: textHeader,
    body,
    footer,
    action: z.strictObject({ catalog_id: words(64), sections: productSections }),
  }),
  z.strictObject({
    type: z.literal('catalog_message'),
    body,
    footer,
    action: z.strictObject({
      name: z.literal('catalog_message'),
      parameters: z.strictObject({ thumbnail_product_retailer_id: words(100).optional() }).optional(),
    }),
  }),
])
export type Interactive = z.infer<typeof interactiveSchema>
