import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/**
 * Libraries that workflows share instead of evaluating them once each; see src/temporal/workflow-sources.ts. The first
 * schemas make zod choose its language and its memory, which it may not do once it is frozen.
 */
export const preloaded = [Temporal, z.object({ text: z.string().optional() }).parse({})]
