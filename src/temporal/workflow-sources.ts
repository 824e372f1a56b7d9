import { fileURLToPath } from 'node:url'

/** What the worker's bundle is made from. */
export const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url))

/**
 * Evaluated once a worker thread, not once a workflow. The SDK freezes what it shares, so that no workflow leaks into
 * another; our own schemas finish themselves when they are first used, which frozen ones cannot.
 */
export const preloadModules = [fileURLToPath(new URL('../model/preloaded.ts', import.meta.url))]
