import { abSplitter, holdOutPath } from '../../workflows/cards/rule/ab-splitter.ts'
import type { Deps } from '../deps.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { compareProportions, confidenceOf, rateOf, type Proportion } from '../model/two-proportions.ts'
import { loadTally, type CountFilter, type Tally } from './load-counts.ts'

/** How often something came about on a path, and whether that differs from the first path. */
export interface PathResult {
  count: number
  rate: number
  /** Where the true rate lies with 95 % confidence. */
  from: number
  to: number
  /** Against the first path; null of the first path, and while there are too few. */
  difference: number | null
  z: number | null
  pValue: number | null
  verdict: 'base' | 'too-few' | 'no-difference' | 'better' | 'worse'
}
export interface PathReport {
  path: string
  label: string | null
  weight: number | null
  runs: number
  completed: PathResult
  goal: PathResult
}
export interface ExperimentReport {
  cardId: string
  title: string | null
  /** How sure a verdict is: with several paths each is held to a stricter measure, so that chance has no more of a say. */
  significance: number
  paths: PathReport[]
}

const significance = 0.05

/** Every splitter: a run, with those that restarted it, counts once for each, on the first path that it took there. */
export async function reportExperiments(
  deps: Pick<Deps, 'orm'>,
  filter: CountFilter,
  cards: JourneyDefinition['cards'],
): Promise<ExperimentReport[]> {
  const tally = await loadTally(deps, filter)
  const here = Object.entries(cards).flatMap(([id, { type }]) => (type === abSplitter.type ? [id] : []))
  const gone = tally.cardIds().filter((id) => tally.total('path', id) > 0 && !here.includes(id))
  return [...here, ...gone].map((cardId) => {
    const node = here.includes(cardId) ? cards[cardId] : undefined
    const settings = node && (abSplitter.settings.parse(node.settings) as SplitterSettings)
    return experiment(cardId, node?.title ?? null, tally, settings ? pathsOf(settings) : [])
  })
}

interface SplitterSettings {
  paths: { id: string; label?: string; weight: number }[]
  holdOut: number
}

/** Everything is compared with those who were held out, where there are any. */
function pathsOf({ paths, holdOut }: SplitterSettings): SplitterSettings['paths'] {
  return holdOut > 0 ? [{ id: holdOutPath, label: 'Hold-out', weight: holdOut }, ...paths] : paths
}

function experiment(
  cardId: string,
  title: string | null,
  tally: Tally,
  known: SplitterSettings['paths'],
): ExperimentReport {
  const count = (metric: string, path: string) =>
    tally.byDetail(metric, cardId).find(({ detail }) => detail === path)?.n ?? 0
  const gone = tally.byDetail('path', cardId).filter(({ detail }) => !known.some(({ id }) => id === detail))
  const ids = [...known.map(({ id }) => id), ...gone.map(({ detail }) => detail)]
  const strict = significance / Math.max(1, ids.length - 1)
  const of = (metric: string, path: string): Proportion => ({
    successes: count(metric, path),
    trials: count('path', path),
  })
  const result = (metric: string, path: string) =>
    pathResult(of(metric, path), path === ids[0] ? undefined : of(metric, ids[0] ?? ''), strict)
  const paths = ids.map((path) => {
    const { label, weight } = known.find(({ id }) => id === path) ?? {}
    return {
      ...{ path, label: label ?? null, weight: weight ?? null, runs: count('path', path) },
      completed: result('path-completed', path),
      goal: result('path-goal', path),
    }
  })
  return { cardId, title, significance: strict, paths }
}

function pathResult(own: Proportion, base: Proportion | undefined, strict: number): PathResult {
  const rated = { count: own.successes, rate: rateOf(own), ...confidenceOf(own) }
  if (!base) return { ...rated, difference: null, z: null, pValue: null, verdict: 'base' }
  const { difference, z, pValue } = compareProportions(base, own)
  if (z === undefined || pValue === undefined)
    return { ...rated, difference: null, z: null, pValue: null, verdict: 'too-few' }
  const verdict = pValue >= strict ? 'no-difference' : difference > 0 ? 'better' : 'worse'
  return { ...rated, difference, z, pValue, verdict }
}
