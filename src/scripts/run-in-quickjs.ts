import { newQuickJSWASMModule, type QuickJSContext, type QuickJSRuntime } from 'quickjs-emscripten'
import { prelude } from './script-prelude.ts'
import { scriptLimits } from './script-limits.ts'

export interface ScriptJob {
  code: string
  /** JSON of `{ contact, vars, event }`. */
  input: string
}
export interface ScriptOutcome {
  /** JSON of the returned object; undefined when the script failed. */
  output?: string
  failure?: { reason: string; line: number | null }
  /** What `console.log` was given. */
  lines: string[]
  /** The engine itself came to harm: the thread must not be used again. */
  broken: boolean
}

/**
 * Runs a script in an engine of its own: nothing that an earlier script did is there any more. No function of ours is
 * reachable from inside: strings go in and strings come out.
 */
export async function runInQuickjs({ code, input }: ScriptJob): Promise<ScriptOutcome> {
  const engine = await newQuickJSWASMModule()
  const runtime = engine.newRuntime()
  runtime.setMemoryLimit(scriptLimits.memoryBytes)
  runtime.setMaxStackSize(scriptLimits.stackBytes)
  const clock = startClock(runtime)
  const context = runtime.newContext()
  try {
    const script = openScript(context)
    const failure = play(runtime, script, { code, input })
    const lines = readLines(script, clock)
    const result = clock.isOver() ? { failure: slow } : failure ? { failure } : readResult(script)
    return { ...result, lines, broken: false }
  } catch (error) {
    // A fault of the engine, such as its stack running over ours. It is thrown away with its thread.
    const reason = error instanceof RangeError ? 'it nests too deeply' : 'it broke its engine'
    return { failure: clock.isOver() ? slow : { reason, line: null }, lines: [], broken: true }
  }
}

const slow = { reason: `it takes longer than ${scriptLimits.cpuMs} ms`, line: null }

type Failure = NonNullable<ScriptOutcome['failure']>
type Script = ReturnType<typeof openScript>

/** Time of this thread's processor, so that a busy machine fails nobody. */
function startClock(runtime: QuickJSRuntime) {
  const before = process.threadCpuUsage()
  let over = false
  let limitMs: number = scriptLimits.cpuMs
  runtime.setInterruptHandler(() => {
    const { user, system } = process.threadCpuUsage(before)
    const isOver = (user + system) / 1_000 > limitMs
    over ||= isOver
    return isOver
  })
  return {
    isOver: () => over,
    /** For what we ask the engine ourselves after the script's end. */
    grant: (moreMs: number) => void (limitMs += moreMs),
  }
}

function openScript(context: QuickJSContext) {
  const opened = context.unwrapResult(context.evalCode(prelude, 'prelude.js'))
  const call = (name: string, ...given: string[]) => {
    const handles = given.map((text) => context.newString(text))
    const result = context.callFunction(context.getProp(opened, name), context.undefined, ...handles)
    return result.error ? undefined : context.dump(result.value)
  }
  return {
    start: (code: string, input: string) => void call('start', code, input),
    state: () => call('state') as { output?: string; reason?: string; line?: number } | undefined,
    lines: () => call('lines') as string[] | undefined,
  }
}

/** Until it settles, or until nothing is left to be done that could settle it. */
function play(runtime: QuickJSRuntime, script: Script, { code, input }: ScriptJob): Failure | undefined {
  script.start(code, input)
  while (runtime.hasPendingJob()) {
    const done = runtime.executePendingJobs(1_000)
    if (done.error) return { reason: 'a promise of it failed', line: null }
  }
  const state = script.state()
  if (!state) return { reason: 'it ran out of memory', line: null }
  if (state.reason !== undefined) return { reason: state.reason, line: state.line ?? null }
  return state.output === undefined
    ? { reason: 'it awaits a promise that never settles', line: null }
    : undefined
}

function readResult(script: Script): { output: string } | { failure: Failure } {
  const output = script.state()?.output
  return output === undefined ? { failure: { reason: 'it gave no result', line: null } } : { output }
}

function readLines(script: Script, clock: ReturnType<typeof startClock>): string[] {
  clock.grant(50)
  const lines = script.lines()
  return Array.isArray(lines) ? lines.slice(0, scriptLimits.lines).map((line) => String(line)) : []
}
