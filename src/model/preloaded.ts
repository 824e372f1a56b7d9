import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

// Temporal's SDK freezes what workflows share, and does not look into what is frozen already: zod rewinds its patterns.
Object.freeze(z.core.regexes)
Object.freeze(z.regexes)

/**
 * Libraries that workflows share instead of evaluating them once each; see workflows/preloaded.ts. The first
 * schemas make zod choose its language and its memory, which it may not do once it is frozen.
 */
export const preloaded = [Temporal, z.object({ text: z.string().optional() }).parse({})]
