import { toText } from '../model/json.ts'
import type { SimulatedFact } from './simulation.ts'

/** A way through the journey that some contacts take. */
export interface RunPath {
  steps: { card: string; outlet: string }[]
  end: string
  contacts: number
  /** Number of the first contact that took it. */
  example: number
}

/** Beyond this many ways a journey goes in circles; further ones are counted together. */
const maximumPaths = 5_000

/** Tells apart the ways that runs take, one run after the other. */
export function createRunPaths() {
  const names = new Map<string, number>()
  const paths = new Map<number, { steps: number[]; end: string; contacts: number; example: number }>()
  let others = 0
  let steps: number[] = []

  function idOf(name: string): number {
    const known = names.get(name)
    if (known !== undefined) return known
    names.set(name, names.size)
    return names.size - 1
  }

  return {
    begin(): void {
      steps = []
    },
    take({ kind, data }: SimulatedFact): void {
      if (kind === 'card.left') steps.push(idOf(`${toText(data['card'])}\n${toText(data['outlet'])}`))
    },
    end(n: number, end: string): void {
      const key = hashSteps(steps, idOf(end))
      const known = paths.get(key)
      if (known) known.contacts += 1
      else if (paths.size < maximumPaths) paths.set(key, { steps, end, contacts: 1, example: n })
      else others += 1
    },
    /** The most trodden first. */
    result(limit: number): { distinct: number; contactsOnOthers: number; paths: RunPath[] } {
      const words = [...names.keys()]
      const ordered = [...paths.values()].toSorted((a, b) => b.contacts - a.contacts || a.example - b.example)
      return {
        distinct: paths.size,
        contactsOnOthers: others + ordered.slice(limit).reduce((sum, { contacts }) => sum + contacts, 0),
        paths: ordered.slice(0, limit).map((path) => ({
          ...path,
          steps: path.steps.map((id) => {
            const [card = '', outlet = ''] = (words[id] ?? '').split('\n')
            return { card, outlet }
          }),
        })),
      }
    },
  }
}

/** 53 bits, so that thousands of ways do not meet by chance. */
function hashSteps(steps: number[], end: number): number {
  let high = end + 1
  let low = end + 7
  for (const step of steps) {
    high = Math.imul(high ^ step, 0x01000193) + 1
    low = Math.imul(low ^ step, 0x85ebca6b) + 3
  }
  return (high >>> 0) * 2 ** 21 + ((low ^ (low >>> 15)) & 0x1fffff)
}
