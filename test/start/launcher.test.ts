import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '../support/eventually.ts'

const launcher = fileURLToPath(new URL('../../launch.mjs', import.meta.url))
let root: string
const running = new Set<ChildProcess>()

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dripline-launcher-'))
  copyFileSync(launcher, join(root, 'launch.mjs'))
  for (const folder of ['src', 'test', 'bin']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'test', 'run.ts'), 'console.log(`checks on ${process.argv.slice(2)}`)')
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'stand-in', version: '1.0.0' }))
  writeLock('1.0.0')
})

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

test('what npm has installed in line with the lockfile is taken as it is, and stamped', async () => {
  install('1.0.0')
  const { output, code } = await launch(['test', 'one', 'two'])
  expect({ output, code }).toEqual({ output: 'checks on one,two\n', code: 0 })
  expect(existsSync(stamp())).toBe(true)
})

test('another lockfile installs anew, once, with its progress shown', async () => {
  install('1.0.0')
  await launch(['test'])
  writeLock('2.0.0')
  const fakeNpm = stubNpm(`sleep 2; echo run >> '${root}/npm-runs'`, true)

  const starts = await Promise.all([launch(['test'], fakeNpm), launch(['test'], fakeNpm)])

  expect(starts.map(({ code }) => code)).toEqual([0, 0])
  expect(readFileSync(join(root, 'npm-runs'), 'utf8')).toBe('run\n')
  const output = starts.map((start) => start.output).join('')
  expect(output).toMatch(/Installing packages.*: \d s/)
  expect(output).toMatch(/Waiting for the installation of another start: \d s/)
  await launch(['test'], stubNpm('exit 1', true))
})

test('an installation that fails shows what npm said', async () => {
  const { output, code } = await launch(['test'], stubNpm('echo "E404 no such package"; exit 1'))
  expect(code).toBe(1)
  expect(output).toContain('E404 no such package')
  expect(output).toContain('npm ci failed')
})

test('the lock of an installation that was killed is not waited for', async () => {
  const killed = launch(['test'], stubNpm('sleep 30'))
  await eventually(() => expect([...running]).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 300))
  for (const child of running) child.kill('SIGKILL')
  await killed
  const { code } = await launch(['test'], stubNpm('true', true))
  expect(code).toBe(0)
})

test('a Node binary whose install script npm held back is fetched by a rebuild', async () => {
  install('1.0.0')
  rmSync(join(root, 'node_modules', 'node', 'bin'), { recursive: true })
  const { output, code } = await launch(['test'], stubNpm(`echo "$@" > '${root}/npm-args'`, true))
  expect({ output, code }).toEqual({ output: expect.stringContaining('checks on'), code: 0 })
  expect(readFileSync(join(root, 'npm-args'), 'utf8')).toMatch(/^rebuild node/)
})

test('signals reach the process behind it once, and its exit code comes back', async () => {
  install('1.0.0')
  writeFileSync(
    join(root, 'src', 'start.ts'),
    `let count = 0
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { console.log(signal); count++ })
    setInterval(() => { if (count) setTimeout(() => process.exit(7), 500) }, 50)
    console.log('up')`,
  )
  const child = start(['start'])
  const output = collect(child)
  await eventually(() => expect(output()).toContain('up'))
  // As a terminal and npm send it: to the group, and once more to the launcher.
  child.kill('SIGINT')
  child.kill('SIGINT')
  const [code] = await once(child, 'exit')
  expect({ code, output: output() }).toEqual({ code: 7, output: 'up\nSIGINT\n' })
})

test('an unknown command says which there are', async () => {
  const { output, code } = await launch(['dance'])
  expect(code).toBe(1)
  expect(output).toContain('start|')
})

test('every command is an npm script and runs a file that exists', async () => {
  const { commands } = await import(launcher)
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(Object.keys(commands)))
  for (const [name, { file }] of Object.entries<{ file: string }>(commands)) {
    expect(scripts[name]).toBe(`exec node launch.mjs ${name}`)
    expect(existsSync(new URL(`../../${file}`, import.meta.url))).toBe(true)
  }
})

/** A package-lock.json with one package of this version. */
function writeLock(version: string): void {
  const packages = { '': { name: 'stand-in', version: '1.0.0' }, 'node_modules/node': { version } }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
}

/** What npm leaves behind: the package, and its own note of what it installed. */
function install(version: string): void {
  const bin = join(root, 'node_modules', 'node', 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(process.execPath, join(bin, 'node'))
  const packages = { 'node_modules/node': { version } }
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
}

/** PATH with an `npm` that runs this shell script, and then brings a Node when it is one that installs. */
function stubNpm(script: string, isInstalling = false): Record<string, string> {
  const installed = isInstalling
    ? `mkdir -p '${root}/node_modules/node/bin'; ln -sf '${process.execPath}' '${root}/node_modules/node/bin/node'`
    : ''
  writeFileSync(join(root, 'bin', 'npm'), `#!/bin/sh\n${script}\n${installed}\n`, { mode: 0o755 })
  return { PATH: `${join(root, 'bin')}:${process.env.PATH}`, npm_execpath: '' }
}

async function launch(args: string[], env: Record<string, string> = {}) {
  const child = start(args, env)
  const output = collect(child)
  const [code] = await once(child, 'close')
  return { output: output(), code }
}

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'launch.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

function collect(child: ChildProcess): () => string {
  let output = ''
  child.stdout?.on('data', (chunk) => (output += String(chunk)))
  child.stderr?.on('data', (chunk) => (output += String(chunk)))
  return () => output
}

function stamp(): string {
  return join(root, 'node_modules', '.dripline-stamp')
}
