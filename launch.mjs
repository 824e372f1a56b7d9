#!/usr/bin/env node
// The one door of every npm script: brings the dependencies in line with the lockfile, then runs the real file
// on the Node that npm installed. Plain JavaScript without dependencies: it runs before anything is installed,
// on any Node >= 20.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, unlinkSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const isDetached = true
/**
 * What each npm script runs. A detached one leads its own process group, so that Ctrl-C (which the terminal
 * sends to the whole group, and npm once more) reaches it exactly once, through the launcher.
 */
export const commands = {
  start: { file: 'src/start.ts', isDetached },
  api: { file: 'src/server.ts', isDetached, isProduction: true },
  worker: { file: 'src/worker.ts', isDetached, isProduction: true },
  migrate: { file: 'src/migrate.ts', isProduction: true },
  'create-workspace': { file: 'src/create-workspace.ts', isProduction: true },
  sandbox: { file: 'src/sandbox.ts', isDetached },
  'build-web': { file: 'src/build-web.ts' },
  replay: { file: 'src/replay.ts' },
  'verify-certificate': { file: 'src/verify-certificate.ts' },
  test: { file: 'test/run.ts' },
  check: { file: 'test/run.ts', args: ['check'] },
  bench: { file: 'bench/run.ts' },
  faults: { file: 'test/run.ts', args: ['--testMatch=**/test/faults/long.ts'] },
}

const sameSignalWithinMs = 300
const tickMs = 1_500
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** Identifies what `npm ci` would install here: the lockfile and the platform that picks its binaries. */
export function lockStamp(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return hash.update(`${process.platform}-${process.arch}`).digest('hex')
}

/** True when an earlier run of the launcher left node_modules in line with the lockfile. */
export function isStamped(root) {
  return readText(stampPath(root)) === lockStamp(root)
}

/**
 * True when node_modules already holds what the lockfile names, whoever installed it: npm keeps what it installed
 * in node_modules/.package-lock.json. Optional packages of other platforms may be absent, and in production the
 * development ones.
 */
export function matchesLock(root, { isProduction = false } = {}) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  const isSame = (path) => {
    const { version, integrity } = wanted[path] ?? {}
    return installed[path].version === version && installed[path].integrity === integrity
  }
  // A package's install script may add packages below it (the Node binary comes so): no lockfile names those.
  const isKnown = (path) =>
    wanted[path] || installed[path].extraneous || path.startsWith('node_modules/node/')
  const isDispensable = ({ optional, dev, devOptional, link }) =>
    optional || link || (isProduction && (dev || devOptional))
  return (
    Object.keys(wanted).every(
      (path) => path === '' || (installed[path] ? isSame(path) : isDispensable(wanted[path])),
    ) && Object.keys(installed).every(isKnown)
  )
}

async function main([name, ...args]) {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const command = commands[name]
  if (!command) fail(`Usage: node launch.mjs <${Object.keys(commands).join('|')}> [arguments]`)
  await ensureInstalled(root, command)
  const node = await findNode(root)
  const file = join(root, command.file)
  if (!existsSync(file)) fail(`${command.file} is missing: this checkout is not complete.`)
  const child = spawn(node, [file, ...(command.args ?? []), ...args], {
    // The channel of a detached child carries nothing: that it closes tells the child that the launcher is gone.
    stdio: command.isDetached ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    detached: command.isDetached ?? false,
  })
  passSignals(child)
  child.on('error', (error) => fail(`Could not run ${node}: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

/** Ctrl-C arrives twice, from the terminal and from npm: the same signal within a moment is passed on once. */
function passSignals(child) {
  const lastAt = {}
  const pass = (signal) => {
    const isRepeated = Date.now() - (lastAt[signal] ?? 0) < sameSignalWithinMs
    lastAt[signal] = Date.now()
    if (!isRepeated) child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH']) process.on(signal, pass)
}

async function ensureInstalled(root, { isProduction }) {
  if (isStamped(root)) return
  if (matchesLock(root, { isProduction })) {
    if (matchesLock(root)) writeFileSync(stampPath(root), lockStamp(root))
    return
  }
  await withInstallLock(root, async () => {
    if (isStamped(root)) return
    await runNpm(root, 'Installing packages (once; about a minute)', ['ci', '--no-audit', '--no-fund'])
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    writeFileSync(stampPath(root), lockStamp(root))
  })
}

/** The npm package `node` brings Node 24; its install script may have been held back by npm's settings. */
async function findNode(root) {
  const node = join(root, 'node_modules', 'node', 'bin', 'node')
  if (existsSync(node)) return node
  const rebuild = ['rebuild', 'node', '--foreground-scripts', '--ignore-scripts=false']
  const { failure } = await tryNpm(root, 'Fetching Node 24', rebuild)
  if (existsSync(node) && spawnSync(node, ['--version']).status === 0) return node
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  fail(
    `${failure ?? ''}\nNode 24 is missing: npm did not run the install script of the package "node" ` +
      '(settings ignore-scripts or allow-scripts).\nAllow it (npm config set ignore-scripts false) and run ' +
      '`npm rebuild node --foreground-scripts`, or start with a Node >= 24 of your own.',
  )
}

/** Two starts in one checkout: the second waits for the first one's installation. */
async function withInstallLock(root, install) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16)
  const path = join(tmpdir(), `dripline-install-${name}.lock`)
  const ticker = startTicker(() => 'Waiting for the installation of another start')
  while (!takeLock(path)) await new Promise((resolve) => setTimeout(resolve, 200))
  ticker.stop()
  const release = () => existsSync(path) && readText(path) === String(process.pid) && unlinkSync(path)
  process.on('exit', release)
  await install()
  release()
}

function takeLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const holder = Number(readText(path))
  // An empty file is a lock that is being written this very moment.
  if (holder && !isAlive(holder) && readText(path) === String(holder)) unlinkSync(path)
  return false
}

async function runNpm(root, title, args) {
  const { failure } = await tryNpm(root, title, args)
  if (failure !== undefined) fail(`${failure}\n${title}: npm ${args[0]} failed. Its output stands above.`)
}

async function tryNpm(root, title, args) {
  const npm = process.env.npm_execpath
  const [command, before] = npm?.endsWith('js') ? [process.execPath, [npm]] : ['npm', []]
  const child = spawn(command, [...before, ...args, '--loglevel=http'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = (signal) => child.kill(signal)
  process.on('SIGINT', stop).on('SIGTERM', stop)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ticker = startTicker(() => {
    const fetched = output.match(/^npm http fetch GET 200 .*\.tgz/gm)?.length
    return fetched ? `${title}, ${fetched} downloaded` : title
  })
  const code = await new Promise((resolve) => {
    child.on('error', (error) => resolve(String(error)))
    child.on('close', (exitCode, signal) => resolve(signal ?? exitCode))
  })
  process.off('SIGINT', stop).off('SIGTERM', stop)
  ticker.stop(code === 0 ? `${title}: done` : undefined)
  const words = output.replace(/^npm http .*\n/gm, '').trim()
  return { failure: code === 0 ? undefined : `${words}\n(ended with ${code})` }
}

/** A spinner on a terminal, else a line every moment: no step waits silently. */
function startTicker(describe) {
  const startedAt = Date.now()
  const isTerminal = process.stderr.isTTY === true
  let frame = 0
  const draw = () => {
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    const text = `${describe()}: ${seconds} s`
    if (isTerminal) process.stderr.write(`\r\x1b[2K${spinner[frame++ % spinner.length]} ${text}`)
    else process.stderr.write(`${text}\n`)
  }
  const timer = setInterval(draw, isTerminal ? 120 : tickMs)
  return {
    stop(lastWord) {
      clearInterval(timer)
      if (isTerminal && frame > 0) process.stderr.write('\r\x1b[2K')
      if (lastWord) process.stderr.write(`${lastWord} (${Math.round((Date.now() - startedAt) / 1000)} s)\n`)
    },
  }
}

function stampPath(root) {
  return join(root, 'node_modules', '.dripline-stamp')
}

function readPackages(path) {
  const text = readText(path)
  return text && JSON.parse(text).packages
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function fail(message) {
  process.stderr.write(`${message.trim()}\n`)
  process.exit(1)
}

const isMain = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
if (isMain) await main(process.argv.slice(2))
