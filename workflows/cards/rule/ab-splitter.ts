import { z } from 'zod'
import { defineCard } from '../card.ts'

/** Reports count it as a path among the others. */
export const holdOutPath = 'hold-out'
const heldOut = { id: `path:${holdOutPath}`, label: 'Hold-out' }

export const abSplitter = defineCard({
  type: 'ab-splitter',
  group: 'rule',
  label: 'A/B splitter',
  icon: 'split',
  settings: z.object({
    paths: z
      .array(
        z.object({
          id: z.string().regex(/^[\w-]{1,64}$/),
          label: z.string().max(100).optional(),
          weight: z.number().min(0).max(1_000_000),
        }),
      )
      .min(2)
      .max(10)
      .meta({ title: 'Paths' }),
    holdOut: z.number().min(0).max(1_000_000).default(0).meta({
      title: 'Hold-out',
      description: 'Its weight beside those of the paths: who falls in here is the group to compare with',
    }),
  }),
  outlets: ({ paths, holdOut }) => [
    ...paths.map(({ id, label }) => ({ id: `path:${id}`, label: label ?? id })),
    ...(holdOut > 0 ? [heldOut] : []),
  ],
  check: ({ paths, holdOut }) => [
    ...(holdOut > 0 && paths.some(({ id }) => id === holdOutPath)
      ? ([['paths', `"${holdOutPath}" is the id of the hold-out`]] as [string, string][])
      : []),
    ...(new Set(paths.map((path) => path.id)).size < paths.length
      ? ([['paths', 'two paths have the same id']] as [string, string][])
      : []),
    ...(paths.every((path) => path.weight === 0)
      ? ([['paths', 'at least one path needs a weight']] as [string, string][])
      : []),
  ],
  run: async (context, { paths, holdOut }) => {
    const total = paths.reduce((sum, path) => sum + path.weight, holdOut)
    let rest = hashToUnit(`${context.cardId}/${context.contactId}`) * total
    const path = paths.find(({ weight }) => (rest -= weight) < 0)
    if (!path && holdOut > 0) return heldOut.id
    return `path:${(path ?? paths[paths.length - 1])?.id}`
  },
})

/** FNV-1a with a final mix, to [0, 1): the same contact takes the same path at each visit, in every version. */
function hashToUnit(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
