import { z } from 'zod'
import { durationMs, durationSchema } from '../../../src/model/schedule.ts'
import { defineCard, failed, type CardContext, type Outlet } from '../card.ts'
import type { EffectOutput } from '../effects.ts'

const settingsSchema = z.object({
  to: z.enum(['anyone', 'team', 'agent', 'rule']).default('anyone').meta({ title: 'Hand off to' }),
  name: z.string().trim().min(1).max(100).optional().meta({
    title: 'Team or rule',
    description: 'A name that agents see beside the chat',
  }),
  userId: z.uuid().optional().meta({ title: 'Agent', widget: 'user' }),
  note: z.string().max(1_000).default('').meta({
    title: 'Note for the agent',
    widget: 'textarea',
    description: 'May hold {{contact.first_name}} and {{vars.…}}',
  }),
  timeout: durationSchema
    .default({ amount: 24, unit: 'hours' })
    .meta({ title: 'Wait for somebody to take it' }),
  after: z.enum(['continue', 'repeat', 'goto', 'exit']).default('continue').meta({
    title: 'After the hand-back',
    description: 'Go on, repeat the last question, go to a card, or end; the agent may choose otherwise',
  }),
  card: z.string().min(1).optional().meta({ title: 'Card to go to', widget: 'card' }),
})
type Settings = z.output<typeof settingsSchema>
type Outcome = EffectOutput<'handOffOutcome'>

const handedBack: Outlet = { id: 'handed-back', label: 'Handed back' }
const untaken: Outlet = { id: 'timeout', label: 'Nobody took it in time' }

/** Leads nowhere: the run ends. */
const exit = 'exit'

/** The hold that it places stops this run too: the first look finds it, the next one comes when it is lifted. */
const firstLookMs = 1_000
const longestLookMs = 60 * 60_000

/** A person takes the chat. All journeys of the contact on this number stand still until it is handed back. */
export const handoff = defineCard<Settings>({
  type: 'handoff',
  group: 'utility',
  label: 'Hand off to a person',
  icon: 'headset',
  settings: settingsSchema,
  outlets: () => [handedBack, untaken, failed],
  jumps: ({ after, card }) => (after === 'goto' && card !== undefined ? [card] : []),
  check: ({ to, name, userId, after, card }, cardIds) => {
    const problems: [string, string][] = []
    if ((to === 'team' || to === 'rule') && !name) problems.push(['name', 'is required'])
    if (to === 'agent' && !userId) problems.push(['userId', 'is required'])
    if (after === 'goto' && !card) problems.push(['card', 'is required'])
    if (card && !cardIds.has(card)) problems.push(['card', `there is no card "${card}"`])
    return problems
  },
  run: async (context, settings) => {
    const { to, name, userId, note, timeout } = settings
    const { handOffId, atMs, lastQuestion } = await context.perform('handOff', {
      ...{ to, name: name ?? null, userId: userId ?? null, note, vars: note === '' ? {} : context.vars },
      timeoutMs: durationMs(timeout),
    })
    const outcome = await awaitOutcome(context, handOffId, atMs)
    if (outcome.outcome === 'timeout') return untaken.id
    const action = outcome.action ?? settings.after
    const card = outcome.action === null ? settings.card : outcome.card
    if (action === 'repeat' && lastQuestion !== null) return `card:${lastQuestion}`
    if (action === 'goto' && card) return `card:${card}`
    if (action !== exit) return handedBack.id
    await context.endConversation({ close: false, goalReached: undefined, label: 'ended at the hand-back' })
    return exit
  },
})

async function awaitOutcome(context: CardContext, handOffId: string, atMs: number): Promise<Outcome> {
  let lookAtMs = atMs + firstLookMs
  for (let waitMs = firstLookMs; ; waitMs = Math.min(waitMs * 2, longestLookMs)) {
    await context.sleepUntil(lookAtMs)
    const outcome = await context.perform('handOffOutcome', { handOffId })
    if (outcome.outcome !== 'open') return outcome
    lookAtMs = outcome.atMs + waitMs
  }
}
