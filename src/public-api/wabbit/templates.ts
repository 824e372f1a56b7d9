import { z } from 'zod'
import { createWireTemplate, listWireTemplates } from '../../wabbit-wire/templates.ts'
import { dialectRoute, type DialectRoute } from '../dialect-route.ts'
import { charField, choiceField } from './fields.ts'
import { pageOf, pageQuery, toPage } from './page.ts'

/** Meta's categories of 2021: all of them are utility today. */
const legacyCategories = [
  ...(['ACCOUNT_UPDATE', 'PAYMENT_UPDATE', 'PERSONAL_FINANCE_UPDATE', 'SHIPPING_UPDATE'] as const),
  ...(['RESERVATION_UPDATE', 'ISSUE_RESOLUTION', 'APPOINTMENT_UPDATE', 'TRANSPORTATION_UPDATE'] as const),
  ...(['TICKET_UPDATE', 'ALERT_UPDATE', 'AUTO_REPLY'] as const),
] as const
const categories = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const

const component = z.record(z.string(), z.unknown())
const templateWire = z
  .object({
    name: z.string(),
    category: z.string(),
    language: z.string(),
    components: z.array(component),
    namespace: z.string(),
    rejected_reason: z.string(),
    status: z.string(),
  })
  .meta({ id: 'WabbitTemplate' })

export const templateRows: DialectRoute[] = [
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/templates/', tag: 'Message templates', summary: 'List Templates' },
    input: { query: z.object(pageQuery()) },
    output: pageOf(templateWire),
    call: async (call) => toPage(call, await listWireTemplates(call.deps, call, call.query)),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{
      method: 'post',
      path: '/api/v1/templates/',
      tag: 'Message templates',
      summary: 'Create Template',
      status: 201,
    },
    description: 'It goes to WhatsApp for review at once, and is not edited afterwards.',
    input: {
      body: z.object({
        name: charField(512),
        category: choiceField([...legacyCategories, ...categories]),
        language: charField(20),
        components: z.array(component, {
          error: ({ input }) =>
            input === undefined ? 'This field is required.' : 'Expected a list of items.',
        }),
      }),
    },
    output: templateWire,
    call: ({ deps, body, by, ...call }) => {
      const isLegacy = legacyCategories.some((category) => category === body.category)
      return createWireTemplate(deps, call, {
        ...{ ...body, by, category: isLegacy ? 'UTILITY' : body.category },
        legacyCategory: isLegacy ? body.category : null,
      })
    },
    toWire: (template) => template,
  }),
]
