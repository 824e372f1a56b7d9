import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AppError } from '../model/errors.ts'
import type { ScriptJob, ScriptOutcome } from './run-in-quickjs.ts'
import { scriptLimits } from './script-limits.ts'

/** Threads that run scripts, started when they are first needed. Close it when done. */
export interface ScriptPool {
  run(job: ScriptJob): Promise<ScriptOutcome>
  close(): Promise<void>
}

interface Waiting {
  job: ScriptJob
  settle(outcome: ScriptOutcome): void
  refuse(error: AppError): void
}

/** Beyond this many a script is refused for the moment, and tried again by whoever asked. */
const maximumWaiting = 500
/** Engines that are gone leave their memory to the collector; a thread that has run this many makes room for a new one. */
const scriptsPerThread = 200
/** A thread that nobody needs any more ends itself after this. */
const idleMs = 30_000
/** A machine under load starts a thread in half a second; one that takes this long does not start at all. */
const startMs = 20_000

export function createScriptPool(size = Math.min(4, availableParallelism())): ScriptPool {
  const queue: Waiting[] = []
  const threads = new Set<Thread>()
  let isClosed = false
  const next = () => queue.shift()
  const retire = (thread: Thread) => {
    threads.delete(thread)
    if (queue.length > 0 && !isClosed) addThread()
  }
  const addThread = () => threads.add(new Thread(next, retire))
  return {
    run: (job) =>
      new Promise((settle, refuse) => {
        if (isClosed) return refuse(new AppError('unavailable', 'the process is stopping'))
        if (queue.length >= maximumWaiting) {
          const busy = `${maximumWaiting} scripts are waiting already`
          return refuse(new AppError('rate_limited', busy, { retryAfterMs: 1_000 }))
        }
        queue.push({ job, settle, refuse })
        const idle = [...threads].find((thread) => thread.isIdle())
        if (idle) idle.take()
        else if (threads.size < size) addThread()
      }),
    async close() {
      isClosed = true
      for (const waiting of queue.splice(0))
        waiting.refuse(new AppError('unavailable', 'the process is stopping'))
      await Promise.all([...threads].map((thread) => thread.end()))
    },
  }
}

/** One worker thread and what it is doing. */
class Thread {
  readonly #worker: Worker
  readonly #next: () => Waiting | undefined
  readonly #retire: (thread: Thread) => void
  #state: 'starting' | 'idle' | 'busy' | 'ended' = 'starting'
  #current: Waiting | undefined
  #timer: NodeJS.Timeout
  #runs = 0

  constructor(next: () => Waiting | undefined, retire: (thread: Thread) => void) {
    this.#next = next
    this.#retire = retire
    // Nothing of ours is in there: no environment, no arguments, and no memory beside the engine's own.
    this.#worker = new Worker(new URL('./script-worker.ts', import.meta.url), {
      name: 'script',
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
    })
    this.#worker.on('message', (message: 'ready' | ScriptOutcome) => this.#hear(message))
    this.#worker.on('error', () => void this.#giveUp('it broke its engine'))
    this.#worker.on('exit', () => void this.#giveUp('it broke its engine'))
    this.#timer = setTimeout(() => void this.end('the thread for it did not start'), startMs)
  }

  isIdle(): boolean {
    return this.#state === 'idle'
  }

  /** Runs what waits longest; without any it idles, and ends after a while. */
  take(): void {
    clearTimeout(this.#timer)
    this.#current = this.#next()
    this.#state = this.#current ? 'busy' : 'idle'
    if (this.#current) {
      this.#worker.ref()
      this.#worker.postMessage(this.#current.job)
      this.#timer = setTimeout(() => void this.#giveUp(slow), scriptLimits.wallMs)
    } else {
      // An idle thread keeps no process alive.
      this.#worker.unref()
      this.#timer = setTimeout(() => void this.end(), idleMs).unref()
    }
  }

  /** What it was running may be tried again elsewhere. */
  async end(reason = 'the process is stopping'): Promise<void> {
    const waiting = this.#current ?? (this.#state === 'starting' ? this.#next() : undefined)
    this.#current = undefined
    waiting?.refuse(new AppError('unavailable', `the script could not be run: ${reason}`))
    await this.#terminate()
  }

  #hear(message: 'ready' | ScriptOutcome): void {
    if (this.#state === 'ended') return
    if (message === 'ready') return this.take()
    this.#current?.settle(message)
    this.#current = undefined
    this.#runs += 1
    if (message.broken || this.#runs >= scriptsPerThread) void this.#terminate()
    else this.take()
  }

  /** Gives up on the script that it runs: trying it again would end the same way. */
  async #giveUp(reason: string): Promise<void> {
    if (!this.#current) return this.end('its thread ended')
    this.#current.settle({ failure: { reason, line: null }, lines: [], broken: true })
    this.#current = undefined
    await this.#terminate()
  }

  async #terminate(): Promise<void> {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    clearTimeout(this.#timer)
    await this.#worker.terminate()
    this.#retire(this)
  }
}

const slow = `it takes longer than ${scriptLimits.cpuMs} ms`
