import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLog, readTail } from './log-file.ts'
import type { RunFiles } from './run-files.ts'

/** How one process is started. */
export interface Launch {
  command: string
  args: string[]
  env?: Record<string, string | undefined>
  cwd?: string
  uid?: number
  gid?: number
}

export interface ChildSpec {
  name: string
  /** Asked before every start: a restart sees the sources and settings of its moment. */
  launch: () => Promise<Launch>
  /** Resolves once the process does its work. */
  waitReady?: (signal: AbortSignal) => Promise<unknown>
  /** What asks it to end in good order (SIGTERM), and what ends it at once (SIGKILL). */
  stopSignal?: NodeJS.Signals
  forceSignal?: NodeJS.Signals
  stopTimeoutMs?: number
}

export interface SupervisorOptions {
  dataDir: string
  runFiles: RunFiles
  say: (line: string) => void
  firstDelayMs?: number
  maxDelayMs?: number
  /** A process that stayed up this long starts its next back-off from the beginning. */
  steadyMs?: number
}

export interface Supervisor {
  /** Resolves when the child is ready; a child that ends before is not restarted but reported. */
  start(spec: ChildSpec): Promise<void>
  /** Ends every child, one after the other, the last started first unless `order` says otherwise. */
  stop(order?: string[]): Promise<void>
  /** Ends every child at once. */
  force(): void
}

interface Running {
  spec: ChildSpec
  process?: ChildProcess
  exited: Promise<void>
  logPath: string
  logStartBytes: number
  startedAtMs: number
  delayMs: number
  isStopping: boolean
  halt: AbortController
}

const tickMs = 1_500

/** Keeps processes alive: each in a group of its own, so that Ctrl-C reaches this process alone. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const children = new Map<string, Running>()
  let isStopping = false
  return {
    start: async (spec) => {
      if (isStopping) throw new Error('Dripline is stopping')
      await startFirst(options, children, spec)
    },
    stop: async (order = [...children.keys()].reverse()) => {
      isStopping = true
      // None may be restarted because another one it leans on is already gone.
      for (const child of children.values()) child.isStopping = true
      for (const child of children.values()) child.halt.abort(new Error('Dripline is stopping'))
      for (const name of order) await stopChild(options, children.get(name))
    },
    force: () => {
      for (const { spec, process } of children.values()) process?.kill(spec.forceSignal ?? 'SIGKILL')
    },
  }
}

async function startFirst(
  options: SupervisorOptions,
  children: Map<string, Running>,
  spec: ChildSpec,
): Promise<void> {
  const child: Running = {
    spec,
    exited: Promise.resolve(),
    logPath: join(options.dataDir, 'logs', `${spec.name}.log`),
    logStartBytes: 0,
    startedAtMs: 0,
    delayMs: options.firstDelayMs ?? 500,
    isStopping: false,
    halt: new AbortController(),
  }
  children.set(spec.name, child)
  await run(options, child)
  const died = child.exited.then(() => {
    throw new Error(`${describeEnd(child)}\n${tailOf(child)}`)
  })
  await Promise.race([waitReady(child), died])
  died.catch(() => undefined)
  void child.exited.then(() => revive(options, child))
}

async function run(options: SupervisorOptions, child: Running): Promise<void> {
  const { command, args, ...how } = await child.spec.launch()
  child.halt.signal.throwIfAborted()
  const { descriptor, startBytes } = openLog(child.logPath)
  const process = spawn(command, args, {
    ...how,
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
  })
  closeSync(descriptor)
  child.process = process
  child.logStartBytes = startBytes
  child.startedAtMs = Date.now()
  child.exited = new Promise((resolve) => {
    process.once('exit', () => resolve())
    // The command could not be run at all: there is no process that could exit.
    process.once('error', (error) => {
      options.say(`${child.spec.name}: ${error.message}`)
      if (process.pid === undefined) resolve()
    })
  })
  const { pid } = process
  if (pid === undefined) return
  options.runFiles.write(child.spec.name, pid)
  void child.exited.then(() => options.runFiles.remove(child.spec.name, pid))
}

function waitReady(child: Running): Promise<unknown> {
  return child.spec.waitReady?.(child.halt.signal) ?? Promise.resolve()
}

/** A child ended that nobody asked to: starts it again after the back-off, until it is ready or we stop. */
async function revive(options: SupervisorOptions, child: Running): Promise<void> {
  const { firstDelayMs = 500, maxDelayMs = 15_000, steadyMs = 60_000 } = options
  const { name } = child.spec
  while (!child.isStopping) {
    if (Date.now() - child.startedAtMs >= steadyMs) child.delayMs = firstDelayMs
    options.say(`${describeEnd(child)}; starting it again in ${child.delayMs / 1000} s`)
    const tail = tailOf(child)
    if (tail) options.say(tail)
    const isOver = await sleep(child.delayMs, false, { signal: child.halt.signal }).catch(() => true)
    if (isOver) return
    child.delayMs = Math.min(child.delayMs * 2, maxDelayMs)
    if (await runAgain(options, child)) options.say(`${name} is back (process ${child.process?.pid})`)
    await child.exited
  }
}

/** True when it became ready; false when it could not be started or ended before. */
async function runAgain(options: SupervisorOptions, child: Running): Promise<boolean> {
  try {
    await run(options, child)
    return await Promise.race([waitReady(child).then(() => true), child.exited.then(() => false)])
  } catch (error) {
    if (!child.isStopping) options.say(`${child.spec.name}: ${String(error)}`)
    return false
  }
}

async function stopChild(options: SupervisorOptions, child: Running | undefined): Promise<void> {
  if (!child?.process || hasEnded(child.process)) return
  const { name, stopSignal = 'SIGTERM', stopTimeoutMs = 10_000 } = child.spec
  const startedAtMs = Date.now()
  const ticker = setInterval(() => {
    options.say(`waiting for ${name} to stop (${Math.round((Date.now() - startedAtMs) / 1000)} s)`)
  }, tickMs)
  child.process.kill(stopSignal)
  const giveUp = setTimeout(() => {
    options.say(`${name} does not stop: ending it`)
    child.process?.kill('SIGKILL')
  }, stopTimeoutMs)
  await child.exited
  clearTimeout(giveUp)
  clearInterval(ticker)
  options.say(`${name} stopped`)
}

function hasEnded(process: ChildProcess): boolean {
  return process.exitCode !== null || process.signalCode !== null
}

function describeEnd({ spec, process }: Running): string {
  if (process?.pid === undefined) return `${spec.name} did not start`
  if (process.signalCode) return `${spec.name} ended (${process.signalCode})`
  return `${spec.name} ended (exit code ${process.exitCode})`
}

function tailOf(child: Running): string {
  const lines = readTail(child.logPath, child.logStartBytes)
  return lines.map((line) => `  ${child.spec.name} | ${line}`).join('\n')
}
