import { z } from 'zod'

const rate = z.number().min(0).nullable()

export const totalsView = z.object({
  entered: z.int(),
  restarted: z.int().meta({ description: 'begun again from a card, after an end or in its place' }),
  movedIn: z.int().meta({ description: 'came from another version' }),
  movedOut: z.int(),
  inside: z.int().meta({ description: 'now, whatever the days asked about' }),
  completed: z.int(),
  exited: z.int(),
  cancelled: z.int(),
  failed: z.int(),
  goalReached: z.int().meta({ description: 'by an event in time, inside or after, or by an end card' }),
  completionRate: rate.meta({ description: 'of those that entered or were begun again' }),
  goalRate: rate,
  reasons: z
    .array(z.object({ state: z.string(), reason: z.string(), count: z.int() }))
    .meta({ description: 'why runs ended, the 100 most frequent first' }),
})

export const dayView = z
  .object({
    day: z.iso.date().meta({ description: 'of UTC' }),
    ...totalsView.pick({ entered: true, restarted: true, completed: true, exited: true }).shape,
    ...totalsView.pick({ cancelled: true, failed: true, goalReached: true }).shape,
  })
  .meta({ id: 'JourneyReportDay' })

export const versionTotalsView = totalsView
  .extend({ version: z.int(), versionId: z.uuid(), publishedAt: z.iso.datetime() })
  .meta({ id: 'JourneyReportVersion' })

const coded = z.array(z.object({ code: z.string(), count: z.int() }))
const card = {
  cardId: z.string(),
  type: z.string().nullable().meta({ description: 'null of a card that is not in the version shown' }),
  title: z.string().nullable(),
}
const milliseconds = z.int().nullable()

export const cardView = z
  .object({
    ...card,
    entered: z.int(),
    movedIn: z.int().meta({ description: 'came with their run from another version' }),
    left: z.array(z.object({ outlet: z.string(), label: z.string(), count: z.int() })),
    moved: z
      .int()
      .meta({ description: 'went on by no outlet: by hand, or with their run to another version' }),
    ended: z.int().meta({ description: 'their run ended here' }),
    waiting: z.int().meta({ description: 'now, whatever the days asked about' }),
    failed: coded,
    medianMs: milliseconds.meta({ description: 'from entering to leaving, without the time of pauses' }),
    p90Ms: milliseconds,
  })
  .meta({ id: 'JourneyReportCard' })

export const messageView = z
  .object({
    ...card,
    sent: z.int().meta({ description: 'accepted by WhatsApp' }),
    delivered: z.int(),
    read: z.int(),
    clicked: z.int().meta({ description: 'a button tapped or a link followed, each message once' }),
    replied: z.int().meta({ description: 'answered, quoted or tapped, each message once' }),
    ...{ deliveredRate: rate, readRate: rate, clickedRate: rate, repliedRate: rate },
    failed: coded.meta({ description: 'refused by us or by WhatsApp, and by no later try sent' }),
  })
  .meta({ id: 'JourneyReportMessage' })

const result = z.object({
  count: z.int(),
  rate: z.number(),
  from: z.number().meta({ description: 'with 95 % confidence the true rate is not below (Wilson)' }),
  to: z.number(),
  difference: z.number().nullable().meta({ description: "to the first path's rate" }),
  z: z.number().nullable(),
  pValue: z.number().nullable().meta({ description: 'two-sided, of the two-proportion z-test' }),
  verdict: z.enum(['base', 'too-few', 'no-difference', 'better', 'worse']).meta({
    description: 'against the first path; `too-few` for the test to say anything',
  }),
})

export const experimentView = z
  .object({
    cardId: z.string(),
    title: z.string().nullable(),
    significance: z.number().meta({ description: '0.05, shared among the comparisons (Bonferroni)' }),
    paths: z.array(
      z.object({
        path: z.string(),
        label: z.string().nullable(),
        weight: z.number().nullable(),
        runs: z.int().meta({ description: 'that took it first' }),
        completed: result,
        goal: result,
      }),
    ),
  })
  .meta({ id: 'JourneyReportExperiment' })
