import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Progress, withTicks } from './ticking.ts'

/** The Temporal CLI that is fetched when there is none; its dev server is the Temporal of `npm start`. */
const temporalVersion = '1.5.1'

export interface TemporalBinaryOptions {
  /** The user's cache folder; ~/.cache when undefined. */
  cacheHome: string | undefined
  progress: Progress
  signal: AbortSignal
}

// A download that brings nothing for this long is given up: without a way out it must not hold up the start.
const stalledMs = 8_000
const neededFlags = ['--sqlite-pragma', '--search-attribute', '--ui-codec-endpoint', '--dynamic-config-value']

/** The `temporal` of PATH, else the cached one, else one downloaded by Temporal's SDK, else one built by Go. */
export async function bringTemporalBinary(options: TemporalBinaryOptions): Promise<string> {
  const cache = join(options.cacheHome ?? join(homedir(), '.cache'), 'dripline')
  const cached = join(cache, `temporal-${temporalVersion}`)
  if (await isUsable('temporal')) return 'temporal'
  if (existsSync(cached)) return cached
  mkdirSync(cache, { recursive: true })
  const failures: string[] = []
  for (const fetchBinary of [downloadWithSdk, buildWithGo]) {
    const folder = mkdtempSync(join(cache, 'fetching-'))
    try {
      const binary = await fetchBinary(folder, options)
      chmodSync(binary, 0o755)
      renameSync(binary, cached)
      return cached
    } catch (error) {
      options.signal.throwIfAborted()
      failures.push(`- ${(error as Error).message}`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  throw new Error(
    `There is no Temporal server, and none could be fetched:\n${failures.join('\n')}\n` +
      'Put the Temporal CLI (`temporal`) on PATH, or set TEMPORAL_ADDRESS to a server of yours.',
  )
}

/** An older CLI lacks flags that the launcher needs. */
async function isUsable(command: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, ['server', 'start-dev', '--help'], {
      timeout: 5_000,
    })
    return neededFlags.every((flag) => stdout.includes(flag))
  } catch {
    return false
  }
}

/** In a process of its own, as a download inside the SDK's native code cannot be called off. */
async function downloadWithSdk(folder: string, { progress, signal }: TemporalBinaryOptions): Promise<string> {
  const script = fileURLToPath(new URL('./download-temporal.ts', import.meta.url))
  const child = spawn(process.execPath, [script, folder, temporalVersion], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let lastBytes = -1
  let lastGrowthMs = Date.now()
  const watch = setInterval(() => {
    const bytes = countBytes(folder)
    if (bytes > lastBytes) lastGrowthMs = Date.now()
    lastBytes = bytes
    if (Date.now() - lastGrowthMs > stalledMs) child.kill('SIGKILL')
  }, 250)
  const describe = () => `downloading the Temporal server, ${Math.round(countBytes(folder) / 1e6)} MB`
  try {
    await withTicks(progress, describe, () => finish(child, 'the download by the Temporal SDK', signal))
  } finally {
    clearInterval(watch)
  }
  const [name] = readdirSync(folder)
  if (!name) throw new Error('the download by the Temporal SDK brought nothing')
  return join(folder, name)
}

async function buildWithGo(folder: string, { progress, signal }: TemporalBinaryOptions): Promise<string> {
  const source = `github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`
  // `env` adds to the environment, which this file does not read.
  const child = spawn('env', [`GOBIN=${folder}`, 'go', 'install', '-v', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let packages = 0
  child.stderr.on('data', (chunk) => {
    packages += String(chunk).split('\n').length - 1
  })
  const describe = () => `building the Temporal server with Go (some minutes, once), ${packages} packages`
  await withTicks(progress, describe, () => finish(child, '`go install`', signal))
  return join(folder, 'temporal')
}

/** Resolves when the process ended well; its last words are the error otherwise. */
function finish(child: ChildProcess, what: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const keep = (chunk: unknown) => {
      output = (output + String(chunk)).slice(-600)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const abort = () => child.kill('SIGKILL')
    signal.addEventListener('abort', abort, { once: true })
    child.once('error', (error) => reject(new Error(`${what}: ${error.message}`)))
    child.once('close', (code, killer) => {
      signal.removeEventListener('abort', abort)
      if (code === 0) return resolve()
      const reason = output.trim() || (killer ? 'nothing arrived' : `exit code ${code}`)
      reject(new Error(`${what}: ${reason}`))
    })
  })
}

function countBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
