/**
 * Run through test/run.ts (`npm test -- <path>`), which adds `--experimental-vm-modules`: everything here is ESM.
 * TypeScript 7 has no JavaScript API, so swc strips the types; tsc checks them in a step of its own.
 */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: false },
          // The same imports stay that stay under Node's own type stripping.
          transform: { verbatimModuleSyntax: true },
        },
      },
    ],
  },
  // `.mts`: Jest loads these with Node's own import, outside of its module registry.
  globalSetup: '<rootDir>/test/support/global-setup.mts',
  globalTeardown: '<rootDir>/test/support/global-teardown.mts',
  testEnvironment: '<rootDir>/test/support/file-environment.mts',
  // Every server of the run (PostgreSQL, Temporal) and every worker share the machine: two files at a time.
  maxWorkers: 2,
  // A Jest worker that has loaded Temporal's native core and webpack is not worth keeping beyond this.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 60_000,
  // A worker that has nothing open still has some hundred megabytes to give back: on a busy machine that takes seconds.
  workerGracefulExitTimeout: 10_000,
}
