import { isDeepStrictEqual } from 'node:util'
import { durationMs, validZone } from '../model/schedule.ts'
import { toText } from '../model/json.ts'
import type { Expectation } from './assertion-schema.ts'
import type { SimulatedMessage, Simulation } from './simulation.ts'
import { createViolations } from './violations.ts'

interface Played {
  simulation: Simulation
  startAtMs: number
  timeZone: string | null | undefined
}

/** Why an expectation does not hold of a run; undefined when it does. */
export function judgeExpectation(expectation: Expectation, played: Played): string | undefined {
  const judge = judges[expectation.expect] as (expected: Expectation, played: Played) => string | undefined
  return judge(expectation, played)
}

type Judges = {
  [K in Expectation['expect']]: (
    expected: Extract<Expectation, { expect: K }>,
    played: Played,
  ) => string | undefined
}

const judges: Judges = {
  receives: (expected, played) => {
    const said = messagesLike(expected, played.simulation)
    const found = said.filter((message) => isInTime(expected, message, played))
    const { times } = expected
    if (times === undefined ? found.length > 0 : found.length === times) return undefined
    const what = `${describe(expected)}${sayTime(expected)}`
    const heard =
      said.length > 0
        ? said.map((message) => sayMoment(message, played)).join(', ')
        : played.simulation.messages.length > 0
          ? `only ${played.simulation.messages.map((message) => `"${message.text}"`).join(', ')}`
          : 'nothing'
    return `receives ${what} ${found.length} times, not ${times ?? 'at least once'}: ${
      said.length > 0 ? `it came ${heard}` : `it got ${heard}`
    }`
  },
  'never-receives': (expected, played) => {
    const [first] = messagesLike(expected, played.simulation)
    return first && `receives ${describe(expected)} (${sayMoment(first, played)})`
  },
  enters: ({ card, times }, { simulation }) => {
    const count = countFacts(simulation, 'card.entered', { card })
    return (times === undefined ? count > 0 : count === times)
      ? undefined
      : `enters ${card} ${count} times, not ${times ?? 'at least once'}: ${sayWay(simulation)}`
  },
  'never-enters': ({ card }, { simulation }) =>
    countFacts(simulation, 'card.entered', { card }) > 0
      ? `enters ${card}: ${sayWay(simulation)}`
      : undefined,
  leaves: ({ card, outlet, times }, { simulation }) => {
    const count = countFacts(simulation, 'card.left', { card, outlet })
    return (times === undefined ? count > 0 : count === times)
      ? undefined
      : `leaves ${card} by ${outlet} ${count} times, not ${times ?? 'at least once'}: ${sayWay(simulation)}`
  },
  ends: ({ state, reason }, { simulation }) =>
    simulation.state === state && (reason === undefined || simulation.reason.includes(reason))
      ? undefined
      : `ends ${simulation.state} (${simulation.reason}), not ${state}${reason === undefined ? '' : ` (${reason})`}`,
  goal: ({ reached }, { simulation }) =>
    (simulation.goalReached === true) === reached
      ? undefined
      : `the goal is ${simulation.goalReached === true ? '' : 'not '}reached`,
  variable: ({ name, value }, { simulation }) => {
    const found = simulation.vars[name]
    return isDeepStrictEqual(found, value)
      ? undefined
      : `the variable ${name} is ${found === undefined ? 'not set' : JSON.stringify(found)}, not ${JSON.stringify(value)}`
  },
  finishes: ({ within }, { simulation, startAtMs }) => {
    const tookMs = simulation.finishedAtMs - startAtMs
    const isOver = simulation.state === 'completed' || simulation.state === 'exited'
    if (isOver && tookMs <= durationMs(within)) return undefined
    const days = (tookMs / 86_400_000).toFixed(2)
    return isOver ? `it takes ${days} days` : `it does not end: ${simulation.state} (${simulation.reason})`
  },
  violations: ({ maximum }, { simulation }) => {
    const violations = createViolations()
    violations.begin(0)
    for (const fact of simulation.trace) violations.take(fact)
    if (simulation.state === 'cut-off') violations.cutOff(simulation.cardId, simulation.reason)
    const errors = violations.result().filter(({ severity }) => severity === 'error')
    const count = errors.reduce((sum, { times }) => sum + times, 0)
    const words = errors.map(({ kind, card, message }) => `${kind} at ${card ?? 'no card'} (${message})`)
    return count > maximum ? `${count} violations: ${words.join('; ')}` : undefined
  },
}

function messagesLike(
  { text, card }: { text?: string | undefined; card?: string | undefined },
  { messages }: Simulation,
): SimulatedMessage[] {
  return messages.filter(
    (message) =>
      (text === undefined || message.text.includes(text)) && (card === undefined || message.cardId === card),
  )
}

function isInTime(
  { at, day }: { at?: string | undefined; day?: number | undefined },
  { atMs }: SimulatedMessage,
  { startAtMs, timeZone }: Played,
): boolean {
  const now = localOf(atMs, timeZone)
  if (at !== undefined && now.time !== at) return false
  return day === undefined || now.dayNumber - localOf(startAtMs, timeZone).dayNumber === day
}

function localOf(atMs: number, timeZone: string | null | undefined) {
  const zone = validZone(timeZone ?? undefined) ?? 'UTC'
  // Sweden writes as ISO 8601 does.
  const words = new Date(atMs).toLocaleString('sv', { timeZone: zone, hourCycle: 'h23' })
  const [date = '', time = ''] = words.split(' ')
  return {
    date,
    time: time.slice(0, 5),
    dayNumber: Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000),
    zone,
  }
}

function sayMoment({ atMs, text }: SimulatedMessage, { timeZone }: Played): string {
  const { date, time, zone } = localOf(atMs, timeZone)
  return `"${text.slice(0, 60)}" at ${date} ${time} (${zone})`
}

function describe({ text, card }: { text?: string | undefined; card?: string | undefined }): string {
  return [text !== undefined && `"${text}"`, card !== undefined && `a message of ${card}`]
    .filter(Boolean)
    .join(', ')
}

function sayTime({ at, day }: { at?: string | undefined; day?: number | undefined }): string {
  return `${at === undefined ? '' : ` at ${at}`}${day === undefined ? '' : ` on day ${day}`}`
}

function countFacts({ trace }: Simulation, kind: string, wanted: Record<string, string>): number {
  return trace.filter(
    (fact) =>
      fact.kind === kind &&
      Object.entries(wanted).every(([name, value]) => toText(fact.data[name]) === value),
  ).length
}

function sayWay({ trace }: Simulation): string {
  const steps = trace
    .filter(({ kind }) => kind === 'card.left')
    .map(({ data }) => `${toText(data['card'])} by ${toText(data['outlet'])}`)
  return steps.length > 0 ? `it left ${steps.slice(0, 20).join(', ')}` : 'it left no card'
}
