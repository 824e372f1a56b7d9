/** What a script may use, however it asks. */
export const scriptLimits = {
  codeLength: 20_000,
  memoryBytes: 64 * 1024 * 1024,
  /** Of QuickJS' own stack; recursion beyond it is an error that the script sees. */
  stackBytes: 256 * 1024,
  cpuMs: 250,
  /** What runs inside one native call sees no deadline: then the whole thread is ended. */
  wallMs: 2_000,
  /** What comes out stays in the run's variables, which travel with every step. */
  outputLength: 16_000,
  outputDepth: 20,
  /** Of `console.log`, for the preview. */
  lines: 100,
  lineLength: 500,
} as const
