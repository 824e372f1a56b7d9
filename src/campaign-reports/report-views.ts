import { z } from 'zod'
import { recipientFilters } from './list-recipients.ts'
import { outcomes } from './stories.ts'

const reason = z.object({ code: z.string(), words: z.string(), count: z.int() }).meta({ id: 'OutcomeReason' })
const money = z.object({ amount: z.string(), currency: z.string() })
const rate = z
  .object({
    rate: z.number().nullable().meta({ description: 'of those sent; null while none was' }),
    from: z.number().meta({ description: 'the true rate lies between, with 95 % confidence' }),
    to: z.number(),
    pValue: z.number().nullable(),
    verdict: z
      .enum(['base', 'too-few', 'no-difference', 'better', 'worse'])
      .meta({ description: 'against the first; several are held to a stricter measure' }),
  })
  .meta({ id: 'CampaignRate' })
const statistics = z.object({
  audience: z.int(),
  intended: z.int(),
  leftOut: z.array(reason).meta({ description: 'by the plan' }),
  skipped: z.array(reason).meta({ description: 'refused when it was their turn' }),
  sent: z.int(),
  delivered: z.int(),
  read: z.int(),
  clicked: z.int(),
  replied: z.int(),
  converted: z.int(),
  conversionValue: z.number(),
  failed: z.int(),
  failures: z.array(reason),
  failedAtSend: z.int().meta({ description: 'of the failed: refused at the call itself' }),
  notOnWhatsApp: z.int(),
  unknown: z.int().meta({ description: 'nobody knows whether WhatsApp took them; never sent again blindly' }),
  pending: z.int(),
  cost: z.array(money),
  rates: z.object({
    ...{ delivered: rate, read: rate, clicked: rate, replied: rate, converted: rate },
    failed: z.number().nullable().meta({ description: 'of those WhatsApp was asked to take' }),
  }),
})
export const statisticsView = statistics
  .extend({
    variants: z.array(statistics.extend({ variant: z.string() })),
    holdOut: z
      .object({
        ...{ people: z.int(), converted: z.int(), rate: z.number() },
        from: z.number().meta({ description: 'the true rate lies between, with 95 % confidence' }),
        to: z.number(),
        lift: z.number().nullable().meta({
          description: 'how much higher the rate of those who got it is; null while nobody has',
        }),
        liftFrom: z.number().meta({ description: 'the true lift lies between, with 95 % confidence' }),
        liftTo: z.number(),
        pValue: z.number().nullable(),
        verdict: z
          .enum(['too-few', 'no-difference', 'better', 'worse'])
          .meta({ description: 'of those who got it' }),
      })
      .nullable()
      .meta({
        id: 'CampaignHoldOut',
        description: 'who was held out, by conversions; null where nobody was',
      }),
  })
  .meta({ id: 'CampaignStatistics' })
export const comparedView = statistics
  .extend({ campaignId: z.uuid(), name: z.string() })
  .meta({ id: 'ComparedCampaign' })

export const momentView = z
  .object({
    at: z.iso.datetime(),
    ...{ sent: z.int(), delivered: z.int(), read: z.int(), clicked: z.int() },
    ...{ replied: z.int(), failed: z.int(), converted: z.int() },
  })
  .meta({ id: 'CampaignMoment' })

const time = z.iso.datetime().nullable()
export const recipientView = z
  .object({
    contactId: z.uuid(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    variant: z.string().nullable(),
    outcome: z.enum(outcomes),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    messageId: z.uuid().nullable(),
    wamid: z.string().nullable(),
    attempts: z.int(),
    ...{ dueAt: time, acceptedAt: time, deliveredAt: time, readAt: time, clickedAt: time },
    ...{ repliedAt: time, failedAt: time, convertedAt: time },
    cost: z.string().nullable(),
  })
  .meta({ id: 'CampaignRecipient' })
export const recipientFilter = z.enum(recipientFilters)

export const eventView = z
  .object({
    messageId: z.uuid(),
    runId: z.uuid().nullable(),
    contactId: z.uuid(),
    event: z.enum(['sent', 'delivered', 'read', 'clicked', 'replied', 'failed', 'converted']),
    at: z.iso.datetime(),
    variant: z.string().nullable(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'CampaignEvent' })

const counts = z.record(z.string(), z.int())
export const certificateView = z
  .object({
    runId: z.uuid(),
    campaignId: z.uuid(),
    name: z.string(),
    number: z.int(),
    state: z.string(),
    currency: z.string().nullable(),
    startedAt: z.iso.datetime(),
    endedAt: time,
    issuedAt: z.iso.datetime(),
    totals: z
      .object({
        ...{ rows: z.int(), audience: z.int(), intended: z.int(), leftOut: counts, begun: z.int() },
        ...{ waiting: z.int(), messages: z.int(), accepted: z.int(), failed: counts, skipped: counts },
        ...{ unknown: z.int(), pending: z.int(), duplicates: z.int(), delivered: z.int(), read: z.int() },
        ...{ clicked: z.int(), replied: z.int(), converted: z.int(), cost: z.string() },
      })
      .meta({ id: 'CertificateTotals' }),
    equations: z.array(
      z.object({ says: z.string(), left: z.number(), right: z.number(), holds: z.boolean() }),
    ),
    differences: z
      .array(z.object({ what: z.string(), rows: z.number(), counters: z.number() }))
      .meta({ description: 'between the rows and the counters of reports: none once a run is through' }),
    ledger: z.object({ messages: z.int(), sendKeys: z.int(), wamids: z.int(), acceptedTwice: z.int() }).meta({
      description:
        'unique indexes let no key and no WhatsApp id be there twice; `acceptedTwice` are messages of ours for which WhatsApp reported two ids',
    }),
    escaped: z
      .array(
        z.object({
          ...{ halt: z.string(), at: z.iso.datetime(), by: z.string(), messages: z.int() },
          messageIds: z.array(z.uuid()).meta({ description: 'the first hundred' }),
        }),
      )
      .meta({ description: 'what was in flight at each halt, and arrived' }),
    lastHash: z.string().meta({ description: 'of the last row of the CSV file, while nothing changes' }),
  })
  .meta({ id: 'CampaignCertificate' })
