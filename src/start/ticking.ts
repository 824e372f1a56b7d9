const terminalTickMs = 1_000
const lineTickMs = 1_500

/** What a step of the start shows while it works; listr2's task has this shape. */
export interface Progress {
  output: string
}

/** Shows `describe` with the seconds gone by while `work` goes on, so that no step waits silently. */
export async function withTicks<T>(
  progress: Progress,
  describe: string | (() => string),
  work: () => Promise<T>,
): Promise<T> {
  const startedAtMs = Date.now()
  const timer = setInterval(
    () => {
      const seconds = Math.round((Date.now() - startedAtMs) / 1000)
      progress.output = `${typeof describe === 'string' ? describe : describe()} (${seconds} s)`
    },
    process.stdout.isTTY ? terminalTickMs : lineTickMs,
  )
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}
