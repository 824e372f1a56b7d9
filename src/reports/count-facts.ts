import type { JourneyFact } from '../../workflows/cards/journey-state.ts'
import { toText } from '../model/json.ts'

type Step = Pick<JourneyFact, 'id' | 'atMs' | 'kind' | 'data' | 'spentMs'>

/** Something that a fact counts for. */
export interface Mark {
  factId: string
  /** `metric|card|detail` */
  key: string
  /** Its bucket is the detail. */
  spentMs?: number
}

/** Where a run stands after its steps: at a card (entered and not left), or between two. */
export interface Standing {
  /** Undefined: nothing has changed. */
  atCard: string | null | undefined
  /** The first path that it took of each splitter; the run's success is counted for it, and for that day. */
  paths: Record<string, { path: string; day: string }>
}

const pathPrefix = 'path:'
/** How the interpreter says that a visit ended by no outlet of its card: by an order, or with the version. */
const moved = 'moved'

export function standingAfter(facts: Step[]): Standing {
  const standing: Standing = { atCard: undefined, paths: {} }
  for (const { kind, data, atMs } of facts) {
    if (kind === 'card.entered') standing.atCard = toText(data['card'])
    if (kind !== 'card.left') continue
    standing.atCard = null
    const path = pathOf(data)
    const day = new Date(atMs).toISOString().slice(0, 10)
    if (path !== undefined) standing.paths[toText(data['card'])] ??= { path, day }
  }
  return standing
}

/**
 * What the steps of a run count for. Of each entry into a card exactly one thing follows: it is left by an outlet, the run
 * is moved away from it, it ends there, or it stands there now.
 * @param before where it stood, and of which splitters it had taken a path.
 */
export function countFacts(
  facts: Step[],
  before: { atCard: string | null; paths: Readonly<Record<string, unknown>> },
): Mark[] {
  const taken = new Set(Object.keys(before.paths))
  let { atCard } = before
  return facts.flatMap((fact): Mark[] => {
    const { id: factId, kind, data } = fact
    const card = toText(data['card'])
    const mark = (key: string) => ({ factId, key })
    if (kind === 'card.failed') return [mark(`card-failed|${card}|${toText(data['code'])}`)]
    if (kind !== 'card.entered' && kind !== 'card.left') return []
    const from = atCard
    const away = from === null || (kind === 'card.left' && from === card) ? [] : [mark(`card-moved|${from}|`)]
    atCard = kind === 'card.entered' ? card : null
    if (kind === 'card.entered') return [...away, mark(`card-entered|${card}|`)]
    const path = pathOf(data)
    const isFirst = path !== undefined && !taken.has(card)
    if (path !== undefined) taken.add(card)
    return [
      ...away,
      ...(from === card ? leavingMarks(fact, card) : []),
      ...(isFirst ? [mark(`path|${card}|${path}`)] : []),
    ]
  })
}

function leavingMarks({ id: factId, data, spentMs }: Step, card: string): Mark[] {
  const outlet = toText(data['outlet'])
  const key = outlet === moved ? `card-moved|${card}|` : `card-left|${card}|${outlet}`
  const time = { factId, key: `card-time|${card}|`, spentMs: Math.round(spentMs ?? 0) }
  return [{ factId, key }, ...(spentMs === undefined ? [] : [time])]
}

function pathOf(data: Step['data']): string | undefined {
  const outlet = toText(data['outlet'])
  return outlet.startsWith(pathPrefix) ? outlet.slice(pathPrefix.length) : undefined
}
