import { simulateJourney } from '../../src/simulation/simulate.ts'
import { syntheticContact, type SimulatedContact } from '../../src/simulation/simulated-world.ts'
import type { SimulationOptions } from '../../src/simulation/simulation.ts'
import { checkJourney } from '../../src/journeys/validate-journey.ts'
import type { MessageClass } from '../../src/model/message.ts'
import { cards } from '../../workflows/cards/index.ts'

/** Saturday, 10 o'clock in UTC. */
export const startAtMs = Date.parse('2026-11-21T10:00:00Z')

export type CardOptions = Partial<Omit<SimulationOptions, 'contact'>> & {
  contact?: Partial<SimulatedContact>
  /** Connected to nothing: failures park. */
  withoutFailed?: boolean
  messageClass?: MessageClass
}

/** Runs one card whose every outlet leads to an end named after it; `outlet` is the one it left by. */
export async function simulateCard(type: string, settings: object, options: CardOptions = {}) {
  const { contact, withoutFailed, messageClass = 'utility', ...rest } = options
  const outlets = outletsOf(type, settings).filter((id) => !(withoutFailed && id === 'failed'))
  const ends = outlets.map((outlet, at) => [
    `end-${at}`,
    { type: 'end-conversation', settings: { outcome: `left by ${outlet}`.slice(0, 100) } },
  ])
  const next = Object.fromEntries(outlets.map((outlet, at) => [outlet, `end-${at}`]))
  const { definition, problems } = checkJourney({
    start: 'it',
    messageClass,
    cards: { it: { type, settings, next }, ...(Object.fromEntries(ends) as object) },
    triggers: [{ type: 'api' }],
  })
  if (!definition) throw new Error(JSON.stringify(problems))
  const result = await simulateJourney(definition, {
    startAtMs,
    ...rest,
    contact: syntheticContact({ first_name: 'Ann', ...contact }),
  })
  const left = result.trace.find(({ kind, data }) => kind === 'card.left' && data['card'] === 'it')
  return {
    ...result,
    outlet: left?.data['outlet'] as string | undefined,
    texts: result.messages.map(({ text }) => text),
    afterMs: result.finishedAtMs - startAtMs,
  }
}

function outletsOf(type: string, settings: object): string[] {
  return (cards[type]?.outlets(settings) ?? []).map(({ id }) => id)
}
