/**
 * Evaluated once a worker thread and shared by its workflows: building the cards' zod schemas anew for each workflow was
 * about a fifth of the worker's CPU time for a journey, and grew with every card. They are pure (test/architecture.test.ts sees to it), so
 * there is nothing to leak. The SDK freezes what is shared, but does not look into what is frozen already; schemas must
 * stay as they are, for zod finishes them when they are first used.
 */
// One by one, literally: webpack reads these calls, and does not see subfolders through the SDK's file system.
const shared = [
  import.meta.webpackContext('./cards', { recursive: false, regExp: /\.ts$/ }),
  import.meta.webpackContext('./cards/display', { recursive: false, regExp: /\.ts$/ }),
  import.meta.webpackContext('./cards/rule', { recursive: false, regExp: /\.ts$/ }),
  import.meta.webpackContext('./cards/utility', { recursive: false, regExp: /\.ts$/ }),
  import.meta.webpackContext('../src/model', { recursive: false, regExp: /\.ts$/ }),
]
for (const modules of shared) {
  for (const path of modules.keys()) Object.freeze(modules(path))
}

declare global {
  interface ImportMeta {
    webpackContext(folder: string, options: { recursive: boolean; regExp: RegExp }): WebpackContext
  }
}
interface WebpackContext {
  (path: string): object
  keys(): string[]
}

export {}
