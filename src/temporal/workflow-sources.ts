import { fileURLToPath } from 'node:url'

/** What the worker's bundle is made from. */
export const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))

/** Evaluated once a worker thread, not once a workflow. */
export const preloadModules = [fileURLToPath(new URL('../../workflows/preloaded.ts', import.meta.url))]
