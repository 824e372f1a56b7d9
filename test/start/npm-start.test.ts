import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readDemo } from '../../src/start/demo-file.ts'
import { identifyProcess } from '../../src/start/process-identity.ts'
import { makeBriefFolder } from '../support/brief-folder.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { compileCache } from '../support/processes.ts'

// The whole thing, as a user runs it: every test goes on where the one before it stopped.
const timeoutMs = 120_000

interface NpmStart {
  process: ChildProcess
  output: () => string
  exited: Promise<number | null>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const names = ['api', 'postgres', 'sandbox', 'temporal', 'worker']
const stopOrder = ['sandbox', 'api', 'worker', 'temporal', 'postgres']
let dataDir: string
let ports: { PORT: string; SANDBOX_PORT: string }
let started: NpmStart
let pids: Record<string, number>

beforeAll(async () => {
  dataDir = makeBriefFolder('dripline-npm-start-')
  ports = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) }
})

afterAll(async () => {
  if (started?.process.exitCode === null) {
    started.process.kill('SIGTERM')
    await started.exited
  }
  await rm(dataDir, { recursive: true, force: true })
})

test(
  'npm start brings everything up and says where',
  async () => {
    started = npmStart()
    await ready(started)

    const demo = readDemo(dataDir)
    expect(demo).toMatchObject({
      baseUrl: `http://127.0.0.1:${ports.PORT}`,
      sandboxUrl: `http://127.0.0.1:${ports.SANDBOX_PORT}`,
      temporalAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      temporalUiUrl: expect.stringMatching(/^http/),
      databaseUrl: expect.stringMatching(/^postgres:/),
      workspaceId: expect.any(String),
      apiKey: expect.any(String),
      admin: { username: expect.any(String), password: expect.any(String), token: expect.any(String) },
      bot: { customerId: expect.anything(), botRef: expect.anything(), key: expect.any(String) },
      whatsapp: {
        phoneNumberId: expect.any(String),
        wabaId: expect.any(String),
        appSecret: expect.any(String),
      },
    })
    expect(statSync(join(dataDir, 'demo.json')).mode & 0o777).toBe(0o600)
    for (const shown of [
      demo?.baseUrl,
      demo?.sandboxUrl,
      demo?.temporalUiUrl,
      demo?.apiKey,
      demo?.admin.password,
    ]) {
      expect(started.output()).toContain(shown)
    }
    pids = readPids()
    expect(Object.keys(pids).sort()).toEqual(names)
    expect(Object.values(pids).filter(isAlive)).toHaveLength(names.length)
    expect(await statusOf('/readyz')).toBe(200)
  },
  timeoutMs,
)

test(
  'a second one beside it says which port is taken, and harms nothing',
  async () => {
    const elsewhere = makeBriefFolder('dripline-npm-start-')
    const [same, other] = [npmStart(), npmStart({ DATA_DIR: elsewhere })]
    expect(await Promise.all([same.exited, other.exited])).toEqual([1, 1])
    for (const { output } of [same, other]) {
      expect(output()).toContain(`Port ${ports.PORT} (API and web app) is taken: set PORT`)
      expect(output()).toContain(`Port ${ports.SANDBOX_PORT} (WhatsApp sandbox) is taken: set SANDBOX_PORT`)
    }
    expect(same.output()).toContain('Dripline already runs on DATA_DIR')
    expect(readPids()).toEqual(pids)
    expect(await statusOf('/readyz')).toBe(200)
    await rm(elsewhere, { recursive: true, force: true })
  },
  timeoutMs,
)

test.each(names)(
  '%s is started again after kill -9, and the console says so',
  async (name) => {
    process.kill(pidOf(name), 'SIGKILL')
    await eventually(() => expect(started.output()).toContain(`${name} ended (SIGKILL)`))
    await eventually(() => expect(started.output()).toContain(`${name} is back`), { timeoutMs: 60_000 })
    expect(pidOf(name)).not.toBe(pids[name])
    await eventually(async () => expect(await statusOf('/readyz')).toBe(200), { timeoutMs: 30_000 })
  },
  timeoutMs,
)

test(
  'SIGTERM to npm stops all in order, and leaves nothing',
  async () => {
    pids = readPids()
    started.process.kill('SIGTERM')
    expect(await started.exited).toBe(0)
    expectAllStopped()
  },
  timeoutMs,
)

test(
  'the next start finds the state of the first, in time',
  async () => {
    const before = readDemo(dataDir)
    started = npmStart()
    await ready(started)
    expect(readDemo(dataDir)).toEqual(before)
  },
  timeoutMs,
)

test(
  'Ctrl-C, which reaches the whole process group and npm once more, stops all in order',
  async () => {
    pids = readPids()
    process.kill(-(started.process.pid as number), 'SIGINT')
    await started.exited
    expectAllStopped()
  },
  timeoutMs,
)

test(
  'what a killed supervisor left is ended by the next start',
  async () => {
    started = npmStart()
    await ready(started)
    pids = readPids()
    process.kill(pidOf('supervisor'), 'SIGKILL')
    await started.exited
    expect(Object.values(pids).filter(isAlive)).toHaveLength(names.length)

    started = npmStart()
    await ready(started)
    for (const name of names) expect(started.output()).toContain(`${name} (process ${pids[name]}) was left`)
    expect(Object.values(pids).filter(isAlive)).toEqual([])
  },
  timeoutMs,
)

test(
  'it stops when its launcher is killed',
  async () => {
    pids = readPids()
    const launcher = parentOf(pidOf('supervisor'))
    process.kill(launcher, 'SIGKILL')
    await eventually(() => expect(Object.values(pids).filter(isAlive)).toEqual([]), { timeoutMs: 60_000 })
  },
  timeoutMs,
)

function npmStart(env: Record<string, string> = {}): NpmStart {
  // NODE_OPTIONS is that of the tests. A group of its own, as a shell makes one for a job.
  const { NODE_OPTIONS: _, ...outer } = process.env
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...outer, ...ports, NODE_COMPILE_CACHE: compileCache, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return { process: child, output: () => output, exited: once(child, 'close').then(([code]) => code) }
}

async function ready({ output, exited }: NpmStart): Promise<void> {
  const ended = exited.then((code) => Promise.reject(new Error(`npm start ended (${code}):\n${output()}`)))
  const isReady = eventually(() => expect(output()).toContain('Dripline is ready'), { timeoutMs: 90_000 })
  await Promise.race([isReady, ended])
}

function expectAllStopped(): void {
  const stopped = [...started.output().matchAll(/\] (\w+) stopped/g)].map(([, name]) => name)
  expect(stopped).toEqual([...stopOrder, 'all'])
  expect(Object.values(pids).filter(isAlive)).toEqual([])
  expect(readdirSync(join(dataDir, 'run'))).toEqual([])
}

async function statusOf(path: string): Promise<number> {
  return (await fetch(`http://127.0.0.1:${ports.PORT}${path}`)).status
}

function readPids(): Record<string, number> {
  const files = readdirSync(join(dataDir, 'run')).filter((file) => file.endsWith('.pid'))
  const running = files.map((file) => file.replace('.pid', '')).filter((name) => name !== 'supervisor')
  return Object.fromEntries(running.map((name) => [name, pidOf(name)]))
}

function pidOf(name: string): number {
  return Number(readFileSync(join(dataDir, 'run', `${name}.pid`), 'utf8'))
}

function parentOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
}

/** What has ended but waits for its parent to notice is not alive. */
function isAlive(pid: number): boolean {
  return identifyProcess(pid) !== undefined
}
