import type { Occupancy, SampledRun } from './occupancy.ts'
import type { Walked } from './foresee.ts'

/** Within so many minutes, reckoned for all who are inside from those that were looked at. */
interface Outlook {
  minutes: number
  people: number
  messages: number
  /** The same if nobody were moved. */
  peopleAnyway: number
  messagesAnyway: number
}
export interface Forecast {
  /** Runs that were looked at, and those that did not say where they stand. */
  sampled: number
  unanswered: number
  outlooks: Outlook[]
  /** People who would get stuck. */
  stuck: number
  examples: { runId: string; card: string; inMinutes: number; text: string }[]
  problems: { runId: string; card: string; code: string; reason: string }[]
  advice: { words: string; spreadHours: number } | null
}

const outlookMinutes = [10, 60, 24 * 60]
const maximumExamples = 10
/** More than so many people an hour, of their own accord, are noticed: by WhatsApp, and by those who answer. */
const gentlePerHour = 200

interface Tally {
  minutes: number
  with: { people: number; messages: number }
  without: { people: number; messages: number }
}
interface Answered {
  answered: number
  stuck: number
  tallies: Tally[]
}

/** Adds up what was walked, card by card, and reckons for all who stand there. */
export function createForecast(groups: Occupancy[], nowMs: number) {
  const byCard = new Map<string, Answered>()
  const examples: Forecast['examples'] = []
  const problems: Forecast['problems'] = []
  let answered = 0

  function add(run: SampledRun, walked: Walked): void {
    answered += 1
    const key = `${run.versionId} ${run.card}`
    const known = byCard.get(key) ?? { answered: 0, stuck: 0, tallies: outlookMinutes.map(emptyTally) }
    byCard.set(key, known)
    known.answered += 1
    for (const tally of known.tallies) {
      countInto(tally.with, walked.with, nowMs + tally.minutes * 60_000)
      countInto(tally.without, walked.without, nowMs + tally.minutes * 60_000)
    }
    const [first] = walked.with
    const isSooner = first && (walked.without[0]?.atMs ?? Number.POSITIVE_INFINITY) > first.atMs
    if (isSooner && examples.length < maximumExamples) {
      const inMinutes = Math.round((first.atMs - nowMs) / 6_000) / 10
      examples.push({ runId: run.id, card: first.cardId, inMinutes, text: first.text })
    }
    if (!walked.problem) return
    known.stuck += 1
    const { cardId: card, code, reason } = walked.problem
    if (problems.length < maximumExamples) problems.push({ runId: run.id, card, code, reason })
  }

  function result(sampled: number): Forecast {
    const reckon = (of: (known: Answered) => number) => {
      const parts = groups.map(({ versionId, card, inside, paused }) => {
        const known = byCard.get(`${versionId} ${card}`)
        return known ? (of(known) * (inside - paused)) / known.answered : 0
      })
      return Math.round(parts.reduce((sum, part) => sum + part, 0))
    }
    const outlooks = outlookMinutes.map((minutes, at): Outlook => {
      const count = (side: 'with' | 'without', what: 'people' | 'messages') =>
        reckon(({ tallies }) => tallies[at]?.[side][what] ?? 0)
      return {
        minutes,
        people: count('with', 'people'),
        messages: count('with', 'messages'),
        peopleAnyway: count('without', 'people'),
        messagesAnyway: count('without', 'messages'),
      }
    })
    const stuck = reckon((known) => known.stuck)
    const unanswered = sampled - answered
    return { sampled, unanswered, outlooks, stuck, examples, problems, advice: adviseSpreading(outlooks) }
  }

  return { add, result }
}

function emptyTally(minutes: number): Tally {
  return { minutes, with: { people: 0, messages: 0 }, without: { people: 0, messages: 0 } }
}

function countInto(sum: Tally['with'], messages: Walked['with'], untilMs: number): void {
  const soon = messages.filter(({ atMs }) => atMs <= untilMs).length
  sum.messages += soon
  if (soon > 0) sum.people += 1
}

/** A wave of messages that the move itself makes is better spread. */
function adviseSpreading(outlooks: Outlook[]): Forecast['advice'] {
  const [, hour] = outlooks
  const more = hour ? hour.people - hour.peopleAnyway : 0
  if (more <= gentlePerHour) return null
  const spreadHours = Math.min(24, Math.ceil(more / gentlePerHour))
  const words = `${more} more people than otherwise would be written to within an hour: spread the move over ${spreadHours} hours (spreadHours)`
  return { words, spreadHours }
}
