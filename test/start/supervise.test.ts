import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { type ChildSpec, createSupervisor, type Supervisor } from '../../src/start/supervise.ts'
import { createRunFiles } from '../../src/start/run-files.ts'
import { endOrphans } from '../../src/start/end-orphans.ts'
import { waitUntil } from '../../src/start/wait-until.ts'
import { eventually } from '../support/eventually.ts'

let dataDir: string
let supervisor: Supervisor
let said: string[]

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'dripline-supervise-'))
  said = []
  supervisor = createSupervisor({
    dataDir,
    runFiles: createRunFiles(dataDir),
    say: (line) => said.push(line),
    firstDelayMs: 50,
    maxDelayMs: 200,
    steadyMs: 2_000,
  })
})

afterEach(async () => {
  supervisor.force()
  await supervisor.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('a process that dies is started again, and the console hears its last words', async () => {
  await supervisor.start(child('worker', 'console.log("up"); setInterval(() => {}, 1000)'))
  const first = pidOf('worker')
  process.kill(first, 'SIGKILL')

  await eventually(() => expect(pidOf('worker')).not.toBe(first))
  await eventually(() => expect(said.join('\n')).toContain('worker is back'))
  expect(said.join('\n')).toMatch(/worker ended \(SIGKILL\); starting it again in 0\.05 s\n {2}worker \| up/)
})

test('the pauses between restarts double up to the longest', async () => {
  const marker = join(dataDir, 'crash')
  await supervisor.start(
    child(
      'api',
      `if (require('fs').existsSync(${JSON.stringify(marker)})) process.exit(3); setInterval(() => {}, 1000)`,
    ),
  )
  writeFileSync(marker, '')
  process.kill(pidOf('api'), 'SIGTERM')

  const pauses = () => said.flatMap((line) => line.match(/again in ([\d.]+) s/)?.[1] ?? [])
  await eventually(() => expect(pauses().slice(0, 5)).toEqual(['0.05', '0.1', '0.2', '0.2', '0.2']))
  expect(said.join('\n')).toContain('api ended (exit code 3)')
})

test('a process that ends before it is ready is an error that shows its log', async () => {
  const spec = child(
    'api',
    'console.error("no such table"); process.exit(1)',
    async () => new Promise(() => {}),
  )
  await expect(supervisor.start(spec)).rejects.toThrow(/api ended \(exit code 1\)\n.*api \| no such table/s)
})

test('a command that cannot be run is an error', async () => {
  const spec = { name: 'api', launch: async () => ({ command: '/no/such/program', args: [] }) }
  await expect(supervisor.start({ ...spec, waitReady: () => new Promise(() => {}) })).rejects.toThrow(
    'did not start',
  )
})

test('stopping goes in the given order, one after the other, and removes the pid files', async () => {
  const slow = `process.on('SIGTERM', () => setTimeout(() => {
    require('fs').appendFileSync(${JSON.stringify(join(dataDir, 'order'))}, process.argv[1] + ' ')
    process.exit(0)
  }, 100)); setInterval(() => {}, 1000); console.log('listening')`
  for (const name of ['postgres', 'worker', 'api']) await supervisor.start(child(name, slow))
  const pids = ['postgres', 'worker', 'api'].map(pidOf)

  await supervisor.stop(['api', 'worker', 'postgres'])

  expect(readFileSync(join(dataDir, 'order'), 'utf8')).toBe('api worker postgres ')
  expect(pids.filter(isAlive)).toEqual([])
  expect(['postgres', 'worker', 'api'].filter((name) => existsSync(pidPath(name)))).toEqual([])
})

test('one that does not stop in time is killed', async () => {
  const stubborn = `process.on('SIGTERM', () => {}); console.log('listening'); setInterval(() => {}, 1000)`
  await supervisor.start({ ...child('api', stubborn), stopTimeoutMs: 200 })
  const pid = pidOf('api')
  await supervisor.stop()
  expect(isAlive(pid)).toBe(false)
  expect(said.join('\n')).toContain('api does not stop: ending it')
})

test('nothing is restarted, or started, once it stops', async () => {
  await supervisor.start(child('worker', 'setInterval(() => {}, 1000)'))
  process.kill(pidOf('worker'), 'SIGKILL')
  await supervisor.stop()
  await expect(supervisor.start(child('api', ''))).rejects.toThrow('stopping')
  expect(existsSync(pidPath('worker'))).toBe(false)
})

test('a child lives in a group of its own, where the Ctrl-C of the terminal does not reach it', async () => {
  await supervisor.start(child('worker', 'setInterval(() => {}, 1000)'))
  const pid = pidOf('worker')
  const groupOf = (id: number) => readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]
  expect(groupOf(pid)).toBe(String(pid))
  expect(groupOf(process.pid)).not.toBe(String(pid))
})

test('what a killed supervisor left is ended at the next start, and a stranger with its number is not', async () => {
  await supervisor.start(child('worker', 'setInterval(() => {}, 1000)'))
  const runFiles = createRunFiles(dataDir)
  const orphan = pidOf('worker')
  // The number is now a stranger's: this very process.
  writeFileSync(pidPath('api'), String(process.pid))
  writeFileSync(join(dataDir, 'run', 'api.identity'), 'the start of another process')

  await supervisor.stop([])
  await endOrphans(runFiles, (line) => said.push(line))

  // It is this process's own child, and stays a zombie until the event loop has come round.
  await eventually(() => expect(isAlive(orphan)).toBe(false))
  expect(said).toEqual([`worker (process ${orphan}) was left by a start that was killed: ending it`])
})

test('the data directory is locked by a process that lives, and by no other', () => {
  const runFiles = createRunFiles(dataDir)
  expect(runFiles.lock()).toBeUndefined()
  expect(runFiles.lock()).toBe(process.pid)
  writeFileSync(pidPath('supervisor'), '999999999')
  expect(runFiles.lock()).toBeUndefined()
})

test('waiting gives up with the last error, and at once when the start is called off', async () => {
  const { signal } = new AbortController()
  const probe = async () => {
    throw new Error('ECONNREFUSED')
  }
  const what = 'the API did not answer'
  await expect(waitUntil(probe, { timeoutMs: 100, signal, what })).rejects.toThrow(
    `${what} within 0.1 s: ECONNREFUSED`,
  )
  const halt = AbortSignal.abort(new Error('stopping'))
  await expect(waitUntil(probe, { timeoutMs: 9_000, signal: halt, what })).rejects.toThrow('stopping')
})

/** A stand-in process that runs this script, ready once it has written something or at once. */
function child(name: string, script: string, waitReady?: ChildSpec['waitReady']): ChildSpec {
  const hasWords = script.includes('console.log')
  const words = async () => {
    const log = join(dataDir, 'logs', `${name}.log`)
    await eventually(() => expect(readFileSync(log, 'utf8')).not.toBe(''))
  }
  return {
    name,
    launch: async () => ({ command: process.execPath, args: ['-e', script, name] }),
    waitReady: waitReady ?? (hasWords ? words : async () => undefined),
  }
}

function pidPath(name: string): string {
  return join(dataDir, 'run', `${name}.pid`)
}

function pidOf(name: string): number {
  return Number(readFileSync(pidPath(name), 'utf8'))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
