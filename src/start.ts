import { loadConfig } from './config.ts'
import { bringUp } from './start/bring-up.ts'
import { endOrphans, stopOrder } from './start/end-orphans.ts'
import { choosePlaces, prepareDataDir } from './start/places.ts'
import { describeBusyPorts } from './start/ports.ts'
import { createRunFiles, type RunFiles } from './start/run-files.ts'
import { describeStart } from './start/summary.ts'
import { createSupervisor, type Supervisor } from './start/supervise.ts'

/** `npm start`: brings up everything of one data directory, keeps it up, and takes it down in order. */
async function main(): Promise<void> {
  const startedAtMs = performance.now()
  const config = loadConfig()
  const dataDir = prepareDataDir(config)
  const runFiles = createRunFiles(dataDir)
  const refusals = await claim(runFiles, config)
  if (refusals.length > 0) return refuse(refusals)

  const halt = new AbortController()
  const supervisor = createSupervisor({ dataDir, runFiles, say })
  stopOnSignals(supervisor, halt)
  try {
    const places = await choosePlaces(config, dataDir)
    const demo = await bringUp({ config, places, supervisor, signal: halt.signal })
    const seconds = (performance.now() - startedAtMs) / 1000
    console.log(describeStart(demo, config.DATA_DIR, seconds))
  } catch (error) {
    if (halt.signal.aborted) return
    console.error(`\nDripline did not start.\n${explain(error)}\nLogs: ${dataDir}/logs`)
    await supervisor.stop(stopOrder.map(({ name }) => name))
    process.exit(1)
  }
}

/** Takes the data directory and sees that the ports are free; the answer is why that cannot be. */
async function claim(runFiles: RunFiles, config: ReturnType<typeof loadConfig>): Promise<string[]> {
  const ports = [
    { variable: 'PORT', port: config.PORT, purpose: 'API and web app' },
    { variable: 'SANDBOX_PORT', port: config.SANDBOX_PORT, purpose: 'WhatsApp sandbox' },
  ].filter(({ port }) => port !== 0)
  const holder = runFiles.lock()
  if (holder !== undefined) {
    const busy = `Dripline already runs on DATA_DIR ${config.DATA_DIR} (process ${holder}): set DATA_DIR to another one.`
    return [...(await describeBusyPorts(ports)), busy]
  }
  await endOrphans(runFiles, say)
  return describeBusyPorts(ports)
}

function refuse(reasons: string[]): void {
  console.error(reasons.join('\n'))
  process.exit(1)
}

/** The first signal stops everything in order; a second Ctrl-C at once. */
function stopOnSignals(supervisor: Supervisor, halt: AbortController): void {
  let isStopping = false
  const stop = async (reason: string, exitCode = 0) => {
    isStopping = true
    say(`stopping (${reason})`)
    halt.abort(new Error('Dripline is stopping'))
    await supervisor.stop(stopOrder.map(({ name }) => name))
    say('all stopped')
    process.exit(exitCode)
  }
  process.on('SIGINT', () => {
    if (!isStopping) return void stop('Ctrl-C; once more ends everything at once')
    // The orderly stop that is under way sees them end, and takes their files away.
    supervisor.force()
  })
  const stopOnce = (reason: string) => () => void (isStopping || stop(reason))
  process.on('SIGTERM', stopOnce('SIGTERM'))
  process.on('SIGHUP', stopOnce('the terminal is gone'))
  process.on('disconnect', stopOnce('the launcher is gone'))
  // A mistake of ours: the children must not be left behind.
  process.on('uncaughtException', (error) => {
    console.error(error)
    if (!isStopping) void stop('an error in the supervisor', 1)
  })
  // A console that went away must not end the supervisor before its children.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

function say(line: string): void {
  console.log(`[${new Date().toTimeString().slice(0, 8)}] ${line}`)
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const stderr = (error as { stderr?: string }).stderr?.trim()
  return [error.message, stderr && !error.message.includes(stderr) ? stderr : ''].filter(Boolean).join('\n')
}

await main()
