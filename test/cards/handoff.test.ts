import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { cards } from '../../workflows/cards/index.ts'
import { CardFailure, type CardContext } from '../../workflows/cards/card.ts'
import type { EffectOutput } from '../../workflows/cards/effects.ts'
import { simulateCard } from '../support/simulate-card.ts'

type Outcome = Partial<EffectOutput<'handOffOutcome'>>

/** The card alone: what came of the hand-off at each look, and the outlet that it left by. */
async function leave(settings: object, outcomes: Outcome[], lastQuestion: string | null = 'ask') {
  const looks: number[] = []
  const labels: (string | undefined)[] = []
  let nowMs = 0
  const context = {
    vars: { order: 7 },
    async perform(name: string) {
      if (name === 'handOff') return { handOffId: 'h', atMs: nowMs, lastQuestion }
      return { outcome: 'open', action: null, card: null, atMs: nowMs, ...outcomes.shift() }
    },
    async sleepUntil(untilMs: number) {
      looks.push(untilMs - nowMs)
      nowMs = untilMs
    },
    async endConversation({ label }: { label: string | undefined }) {
      labels.push(label)
    },
  }
  const outlet = await cards['handoff']?.run(context as unknown as CardContext, settings)
  return { outlet, looks, labels }
}

test('in a simulation a person answers at once', async () => {
  const { outlet, trace } = await simulateCard('handoff', { to: 'team', name: 'Support' })
  expect(outlet).toBe('handed-back')
  expect(trace.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['chat.handed-off', 'chat.handed-back']),
  )
})

test('it looks again ever more rarely, and leaves by what came of it', async () => {
  const open = { outcome: 'open' as const }
  const patient = await leave({}, [open, open, open, { outcome: 'handed-back' }])
  expect(patient).toMatchObject({ outlet: 'handed-back', looks: [1_000, 1_000, 2_000, 4_000] })
  expect((await leave({}, [{ outcome: 'timeout' }])).outlet).toBe('timeout')
})

test('after the hand-back: as the card says, unless the agent chose', async () => {
  const back = { outcome: 'handed-back' as const }
  expect((await leave({ after: 'repeat' }, [back])).outlet).toBe('card:ask')
  expect((await leave({ after: 'repeat' }, [back], null)).outlet).toBe('handed-back')
  expect((await leave({ after: 'goto', card: 'offer' }, [back])).outlet).toBe('card:offer')
  expect(await leave({ after: 'exit' }, [back])).toMatchObject({
    outlet: 'exit',
    labels: ['ended at the hand-back'],
  })
  expect((await leave({ after: 'exit' }, [{ ...back, action: 'continue' }])).outlet).toBe('handed-back')
  expect((await leave({}, [{ ...back, action: 'goto', card: 'other' }])).outlet).toBe('card:other')
})

test('a run without a contact has nobody to hand off', async () => {
  const context = { perform: () => Promise.reject(new CardFailure('no_contact', 'about no contact')) }
  const run = cards['handoff']?.run(context as unknown as CardContext, {})
  await expect(run).rejects.toMatchObject({ code: 'no_contact' })
})

test('what cannot work is named before publishing', () => {
  const problemsOf = (settings: object) =>
    checkJourney({
      start: 'it',
      cards: { it: { type: 'handoff', settings, next: {} } },
      triggers: [{ type: 'api' }],
    }).problems.map(({ field }) => field)
  expect(problemsOf({ to: 'team' })).toContain('cards.it.settings.name')
  expect(problemsOf({ to: 'agent' })).toContain('cards.it.settings.userId')
  expect(problemsOf({ after: 'goto' })).toContain('cards.it.settings.card')
  expect(problemsOf({ after: 'goto', card: 'nowhere' })).toContain('cards.it.settings.card')
  expect(problemsOf({ after: 'exit' })).not.toContain('cards.it.settings.card')
})
