import { z } from 'zod'
import { jsonObjectSchema } from '../model/json.ts'
import { durationMs, durationSchema } from '../model/schedule.ts'
import type { Draws } from './draws.ts'

const probability = z.number().min(0).max(1)

/** How long people take. */
const responseTimeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), after: durationSchema }),
  z.strictObject({ kind: z.literal('uniform'), from: durationSchema, to: durationSchema }),
  z.strictObject({ kind: z.literal('exponential'), mean: durationSchema }),
  z.strictObject({
    kind: z.literal('lognormal'),
    median: durationSchema,
    spread: z.number().min(0).max(4).default(1).meta({ description: 'sigma: 0 is always the median' }),
  }),
])
type ResponseTime = z.output<typeof responseTimeSchema>

const answerSchema = z
  .strictObject({
    probability,
    button: z.string().max(256).optional().meta({ description: 'of a reply button or a list row' }),
    text: z.string().max(4_096).optional(),
    location: z
      .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
      .optional(),
    answers: jsonObjectSchema.optional().meta({ description: 'a Flow or an address, filled in' }),
  })
  .refine(
    ({ button, text, location, answers }) =>
      [button, text, location, answers].filter((each) => each !== undefined).length === 1,
    { message: 'give one of button, text, location and answers' },
  )
export type Answer = z.output<typeof answerSchema>

const cardBehaviourSchema = z
  .strictObject({
    answers: z.array(answerSchema).max(100).optional().meta({
      description:
        "what is left to 1 is silence; when absent, each of the question's choices is as likely as the others",
    }),
    silence: probability.optional().meta({ description: 'where no answers are listed; 0.3 when absent' }),
    stop: probability.default(0).meta({ description: 'the contact opts out instead of answering' }),
    responseTime: responseTimeSchema.default({
      kind: 'lognormal',
      median: { amount: 10, unit: 'minutes' },
      spread: 1,
    }),
  })
  .refine(
    ({ answers = [], stop }) => answers.reduce((sum, each) => sum + each.probability, stop) <= 1 + 1e-9,
    {
      message: 'the probabilities of the answers and of stop are more than 1 together',
      path: ['answers'],
    },
  )
export type CardBehaviour = z.output<typeof cardBehaviourSchema>

export const behaviourSchema = z
  .strictObject({
    default: cardBehaviourSchema.prefault({}),
    cards: z.record(z.string().max(64), cardBehaviourSchema).default({}),
    events: z
      .array(
        z.strictObject({
          event: z.string().min(1).max(100),
          probability,
          after: responseTimeSchema,
          attributes: jsonObjectSchema.default({}),
        }),
      )
      .max(100)
      .default([])
      .meta({
        description: "what happens while a card waits for it; the time counts from the wait's beginning",
      }),
  })
  .meta({ id: 'SimulatedBehaviour' })
export type Behaviour = z.output<typeof behaviourSchema>

/** What a contact does about one question: it answers after a while, opts out after a while, or is silent. */
export type Reaction =
  | { kind: 'silent' }
  | { kind: 'stop'; afterMs: number }
  | { kind: 'answer'; afterMs: number; answer: Omit<Answer, 'probability'> }

const usualSilence = 0.3

/** @param choices what the question offers, for behaviours that list no answers of their own. */
export function react(
  behaviour: CardBehaviour,
  choices: () => Omit<Answer, 'probability'>[],
  draws: Draws,
  key: string,
): Reaction {
  const drawn = draws.draw(`what ${key}`)
  if (drawn < behaviour.stop) return { kind: 'stop', afterMs: drawTimeMs(behaviour.responseTime, draws, key) }
  const answer = chooseAnswer(behaviour, choices, drawn - behaviour.stop)
  return answer
    ? { kind: 'answer', answer, afterMs: drawTimeMs(behaviour.responseTime, draws, key) }
    : { kind: 'silent' }
}

function chooseAnswer(
  { answers, silence = usualSilence, stop }: CardBehaviour,
  choices: () => Omit<Answer, 'probability'>[],
  drawn: number,
): Omit<Answer, 'probability'> | undefined {
  if (answers) {
    let rest = drawn
    return answers.find(({ probability: share }) => (rest -= share) < 0)
  }
  const talkative = (1 - stop) * (1 - silence)
  if (drawn >= talkative) return undefined
  const offered = choices()
  return offered[Math.min(offered.length - 1, Math.floor((drawn / talkative) * offered.length))]
}

/** At least a millisecond: nobody answers before a question was sent. */
export function drawTimeMs(time: ResponseTime, draws: Draws, key: string): number {
  const first = draws.draw(`when ${key}`)
  switch (time.kind) {
    case 'fixed':
      return Math.max(1, durationMs(time.after))
    case 'uniform': {
      const [from, to] = [durationMs(time.from), durationMs(time.to)]
      return Math.max(1, Math.round(from + first * (to - from)))
    }
    case 'exponential':
      return Math.max(1, Math.round(-Math.log(1 - first) * durationMs(time.mean)))
    case 'lognormal': {
      // Box and Muller's way to a normal number.
      const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * draws.draw(`how ${key}`))
      return Math.max(1, Math.round(durationMs(time.median) * Math.exp(time.spread * normal)))
    }
  }
}
