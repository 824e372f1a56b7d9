import fc from 'fast-check'
import type { JourneyDefinition } from '../../src/model/journey-definition.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { checkJourney } from '../../src/journeys/validate-journey.ts'
import type { ScriptedEvent, ScriptedReply } from '../../src/simulation/simulation.ts'
import type { SimulatedContact } from '../../src/simulation/simulated-world.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import {
  addressOutlets,
  addressSettings,
  blockOutlets,
  blockSettings,
  buttonIds,
  imageSettings,
  interactiveOutlets,
  interactiveSettings,
  listOutlets,
  listSettings,
  messageSettings,
  phraserSettings,
  userInputSettings,
} from './random-display-cards.ts'
import { randomCondition, randomDelay, type Pace } from './random-settings.ts'

/** A journey that may be published, and what its contact does. */
export interface RandomScenario {
  definition: JourneyDefinition
  contact: SimulatedContact
  replies: ScriptedReply[]
  events: ScriptedEvent[]
}

/**
 * Random journeys of all card types, valid by construction.
 * `pace: 'any'` waits for weeks and goes in circles; `'seconds'` ends soon enough to be run in real time: no circles,
 * waits of 2 to 3 seconds, replies and events 0.2 to 0.6 seconds after they are awaited.
 */
export function randomScenario({
  pace = 'any',
  maximumCards = 8,
}: {
  pace?: Pace
  maximumCards?: number
} = {}): fc.Arbitrary<RandomScenario> {
  return fc.record({
    definition: fc
      .integer({ min: 1, max: maximumCards })
      .chain((count) => randomDefinition(count, pace))
      .map(publishable),
    contact: randomContact(),
    replies: fc.array(randomReply(pace), { maxLength: 8 }),
    events: fc.array(randomEvent(pace), { maxLength: 3 }),
  })
}

function publishable(draft: object): JourneyDefinition {
  const { definition, problems } = checkJourney(draft)
  if (!definition) throw new Error(`the generator made an invalid journey: ${JSON.stringify(problems)}`)
  return definition
}

function randomDefinition(count: number, pace: Pace): fc.Arbitrary<object> {
  const ids = Array.from({ length: count }, (_, at) => `card-${at}`)
  const cards = ids.map((_, at) => {
    const targets = pace === 'any' ? ids : ids.slice(at + 1)
    return randomCard(targets, pace)
  })
  return fc.tuple(...cards).map((made) => ({
    start: 'card-0',
    cards: Object.fromEntries(made.map((card, at) => [`card-${at}`, card])),
    triggers: [{ type: 'api' }, { type: 'manual' }],
    entry: { reentry: 'always' },
  }))
}

interface RandomCard {
  type: string
  settings: object
  next: Record<string, string | null>
}

/** @param targets where its outlets may lead; none is the end. */
function randomCard(targets: string[], pace: Pace): fc.Arbitrary<RandomCard> {
  const target = fc.option(fc.constantFrom(...(targets.length > 0 ? targets : ['none'])), { freq: 6 })
  const lead = targets.length > 0 ? target : fc.constant(null)
  const connect = (type: string, settings: fc.Arbitrary<object>, outletsOf: (settings: never) => string[]) =>
    settings.chain((chosen) => {
      const outlets = outletsOf(chosen as never)
      return fc
        .tuple(...outlets.map(() => lead))
        .map((leads) => ({ type, settings: chosen, next: connections(outlets, leads) }))
    })
  return fc.oneof(
    { weight: 3, arbitrary: connect('message', messageSettings(), () => ['next', 'failed']) },
    { weight: 3, arbitrary: connect('interactive-message', interactiveSettings(pace), interactiveOutlets) },
    { weight: 3, arbitrary: connect('block', blockSettings(pace), blockOutlets) },
    { weight: 2, arbitrary: connect('list-message', listSettings(pace), listOutlets) },
    { weight: 1, arbitrary: connect('image', imageSettings(), () => ['next', 'failed']) },
    { weight: 1, arbitrary: connect('phraser', phraserSettings(), () => ['next', 'failed']) },
    { weight: 1, arbitrary: connect('provide-address', addressSettings(pace), () => addressOutlets) },
    {
      weight: 3,
      arbitrary: connect('user-input', userInputSettings(pace), () => [
        'valid',
        'invalid',
        'timeout',
        'failed',
      ]),
    },
    { weight: 2, arbitrary: connect('run-if', runIfSettings(pace), branchOutlets) },
    { weight: 2, arbitrary: connect('time-delay', delaySettings(pace), delayOutlets) },
    { weight: 1, arbitrary: connect('ab-splitter', splitterSettings(), pathOutlets) },
    { weight: 2, arbitrary: connect('setup-attribute', assignmentSettings(), () => ['next', 'failed']) },
    { weight: 1, arbitrary: connect('end-conversation', endSettings(), () => []) },
    ...(targets.length > 0
      ? [{ weight: 1, arbitrary: connect('go-to', goToSettings(targets), () => []) }]
      : []),
  )
}

function connections(outlets: string[], leads: (string | null)[]): Record<string, string | null> {
  return Object.fromEntries(outlets.map((outlet, at) => [outlet, leads[at] ?? null]))
}

const runIfSettings = (pace: Pace) =>
  fc
    .array(randomCondition(pace), { minLength: 1, maxLength: 3 })
    .map((conditions) => ({ branches: conditions.map((condition, at) => ({ id: `b${at}`, condition })) }))

function branchOutlets({ branches }: { branches: { id: string }[] }): string[] {
  return [...branches.map(({ id }) => `branch:${id}`), 'else']
}

const delaySettings = (pace: Pace) =>
  fc.record({
    delay: randomDelay(pace),
    event: fc.option(
      fc.record({
        name: fc.constantFrom('paid', 'shipped'),
        condition: fc.option(
          fc.constant({ kind: 'compare', path: 'event.amount', operator: 'greater', value: 10 }),
          { nil: undefined },
        ),
      }),
      { nil: undefined },
    ),
  })

function delayOutlets({ delay, event }: { delay: { mode: string }; event?: object }): string[] {
  return ['done', ...(event ? ['event'] : []), ...(delay.mode === 'date-attribute' ? ['failed'] : [])]
}

const splitterSettings = () =>
  fc
    .array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 })
    .map((weights) => ({ paths: weights.map((weight, at) => ({ id: `p${at}`, weight })) }))

function pathOutlets({ paths }: { paths: { id: string }[] }): string[] {
  return paths.map(({ id }) => `path:${id}`)
}

const assignmentSettings = () =>
  fc.record({
    assignments: fc.array(
      fc.record({
        target: fc.constantFrom('attribute', 'variable'),
        name: fc.constantFrom('city', 'first_name', 'answer', 'count', 'renewal_date'),
        type: fc.constantFrom('string', 'integer', 'boolean', 'date'),
        value: fc.constantFrom<string | number>('Berlin', '7', 'yes', '2026-12-24', '{{vars.answer}}', 12),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })

const endSettings = () =>
  fc.record({ close: fc.boolean(), goalReached: fc.boolean(), outcome: fc.constantFrom('bought', 'left') })

const goToSettings = (targets: string[]) => fc.record({ card: fc.constantFrom(...targets) })

function randomContact(): fc.Arbitrary<SimulatedContact> {
  return fc
    .record({
      first_name: fc.option(fc.constantFrom('Ann', 'Björn', '李'), { nil: null }),
      time_zone: fc.option(fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'Nowhere/Land'), { nil: null }),
      tags: fc.subarray(['vip', 'new']),
      attributes: fc.constantFrom<JsonObject>(
        {},
        { city: 'Paris' },
        { renewal_date: '2026-12-31', city: 'Rome' },
      ),
    })
    .map((given) => syntheticContact(given))
}

function randomReply(pace: Pace): fc.Arbitrary<ScriptedReply> {
  const afterMs =
    pace === 'seconds'
      ? fc.integer({ min: 200, max: 600 })
      : fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 60 * 3_600_000 }))
  const said = fc.oneof(
    fc
      .constantFrom('yes', 'YES', 'Red', '42', 'ann@example.com', '2026-12-01', 'what?', '')
      .map((text) => ({ text })),
    fc.constantFrom(...buttonIds, 'choice-0', 'choice-1').map((buttonId) => ({ buttonId })),
    fc.constant({ location: { latitude: 52.5, longitude: 13.4 } }),
    fc.constant<ScriptedReply>({ answers: { seats: '2', names: ['Ann'] }, text: 'Sent' }),
  )
  return fc.tuple(afterMs, said).map(([after, words]) => ({ afterMs: after, ...words }))
}

function randomEvent(pace: Pace): fc.Arbitrary<ScriptedEvent> {
  return fc.record({
    name: fc.constantFrom('paid', 'shipped'),
    afterMs:
      pace === 'seconds' ? fc.integer({ min: 200, max: 600 }) : fc.integer({ min: 0, max: 40 * 86_400_000 }),
    attributes: fc.record({ amount: fc.integer({ min: 0, max: 20 }) }),
  })
}
