import { z } from 'zod'
import { consentCategories } from '../model/consent.ts'
import { audienceSchema } from './audience-schema.ts'
import { simulationStates } from './simulations.ts'

const counts = z.record(z.string(), z.int())
const instant = z.iso.datetime()
const peak = z.object({ at: instant, count: z.int() }).nullable()
const category = z.enum([...consentCategories, 'service'])

const cardFlowView = z
  .object({
    card: z.string(),
    entered: z.int().meta({ description: 'left by each outlet + inside + ended' }),
    outlets: counts,
    failed: counts.meta({ description: 'by code' }),
    inside: z.int().meta({ description: 'stuck, or still waiting at the horizon' }),
    ended: z.int().meta({ description: 'the run ended here without leaving the card, as by an opt-out' }),
    messages: z.int(),
  })
  .meta({ id: 'SimulatedCardFlow' })

const violationView = z
  .object({
    kind: z.string().meta({
      description:
        '`window_closed`, `template_not_sendable`, `missing_variable`, `opted_out`, `unreachable`, `quiet_hours`, `frequency_cap`, `loop_guard`, `unreachable_card`, or the code that a card failed with',
    }),
    severity: z.enum(['error', 'warning']),
    card: z.string().nullable(),
    message: z.string(),
    contacts: z.int(),
    times: z.int(),
    examples: z.array(z.int()).meta({ description: 'numbers of contacts whose timelines show it' }),
  })
  .meta({ id: 'SimulatedViolation' })

const sendsView = z.object({
  total: z.int(),
  hours: z.array(z.object({ at: instant, sends: z.int(), opened: z.int() })).meta({
    description: '`opened`: conversations begun with who was not written to in the 24 hours before',
  }),
  busiestHour: peak,
  busiestMinute: peak,
  messagesPerSecond: z.int().meta({ description: 'what the number may send' }),
  longestQueue: z
    .object({ at: instant, messages: z.int(), delaySeconds: z.int() })
    .nullable()
    .meta({ description: 'messages that wait for their turn at the worst moment' }),
  messagingLimit: z
    .int()
    .nullable()
    .meta({ description: 'of the number, in 24 hours; null is without limit' }),
  busiestDay: peak.meta({ description: 'conversations begun within 24 hours, at most' }),
  exceedsMessagingLimit: z.boolean(),
})

const costView = z.object({
  currencies: z.array(
    z.object({
      currency: z.string(),
      total: z.string(),
      lines: z.array(z.object({ category, country: z.string(), messages: z.int(), cost: z.string() })),
    }),
  ),
  free: z.int(),
  unpriced: z
    .array(z.object({ category, country: z.string(), messages: z.int() }))
    .meta({ description: 'messages that no rate card has a price for' }),
})

const resultView = z
  .object({
    contacts: z.int(),
    ends: z.object({
      completed: z.int(),
      exited: counts.meta({ description: 'by reason' }),
      stuck: z.int(),
      inside: z.int(),
    }),
    goal: z.object({ reached: z.int(), missed: z.int(), undecided: z.int() }),
    cards: z.array(cardFlowView),
    paths: z.object({
      distinct: z.int(),
      contactsOnOthers: z.int(),
      paths: z.array(
        z.object({
          steps: z.array(z.object({ card: z.string(), outlet: z.string() })),
          end: z.string(),
          contacts: z.int(),
          example: z.int(),
        }),
      ),
    }),
    sends: sendsView,
    cost: costView,
    violations: z.array(violationView),
    finish: z.object({ first: instant, median: instant, latest: instant, latestContact: z.int() }).nullable(),
  })
  .meta({ id: 'SimulationResult' })

export const simulationLine = z
  .object({
    id: z.uuid(),
    journeyId: z.uuid(),
    version: z.int().nullable().meta({ description: 'null: the draft as it was' }),
    state: z.enum(simulationStates),
    audience: audienceSchema,
    seed: z.int(),
    contacts: z.int().meta({ description: 'of the audience; of a segment known when it was read' }),
    done: z.int(),
    error: z.string().nullable(),
    by: z.string(),
    createdAt: instant,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'AudienceSimulation' })
export const simulationWithResult = simulationLine
  .extend({ result: resultView.nullable() })
  .meta({ id: 'AudienceSimulationWithResult' })
