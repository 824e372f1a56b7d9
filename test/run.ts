import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a step of the run adds to the last line. */
interface Tally {
  passed: number
  failed: number
  skipped: number
}

const root = fileURLToPath(new URL('../', import.meta.url))
const bin = (name: string) => join(root, 'node_modules/.bin', name)

const checks = [
  { name: 'types', command: bin('tsc'), args: ['--project', '.', '--pretty', 'false'] },
  { name: 'types of the web app', command: bin('tsc'), args: ['--project', 'web', '--pretty', 'false'] },
  { name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings', '--format', 'unix'] },
  { name: 'format', command: bin('biome'), args: ['format', '--max-diagnostics=50'] },
  { name: 'dead code', command: process.execPath, args: [bin('knip'), '--no-progress'] },
]

/**
 * `npm test` runs every check and every test; `npm run check` the checks alone; `npm test -- <path> ...` hands
 * its arguments to Jest and runs nothing else.
 */
async function main(args: string[]): Promise<void> {
  const startedAt = performance.now()
  const onlyChecks = args.length === 1 && args[0] === 'check'
  const tallies: Tally[] = []
  if (onlyChecks || args.length === 0) tallies.push(...(await Promise.all(checks.map(runCheck))))
  if (!onlyChecks) tallies.push(await runJest(args))
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0)
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
  console.log(`\nAll of it took ${secondsSince(startedAt)}.`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`)
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0
}

/** Counts as one test. The checks run side by side, so what one writes is shown when it is done. */
async function runCheck({ name, command, args }: (typeof checks)[number]): Promise<Tally> {
  const startedAt = performance.now()
  const { code, output } = await run(command, args, 'pipe')
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${secondsSince(startedAt)})`)
  if (code !== 0) console.log(output.trim().replace(/^/gm, '    '))
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

async function runJest(args: string[]): Promise<Tally> {
  const startedAt = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'dripline-test-results-'))
  const resultPath = join(folder, 'jest.json')
  // A roomy nursery: each file loads the whole product anew, and most of what that leaves is garbage at once.
  const heap = ['--min-semi-space-size=32', '--max-semi-space-size=64']
  const nodeFlags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...heap]
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  try {
    const jestFlags = ['--json', `--outputFile=${resultPath}`]
    // A file waits for a quarter of its time (timers of workflows, starts, polls): three keep two cores busy throughout.
    if (args.length === 0) jestFlags.push('--maxWorkers=3')
    const { code } = await run(process.execPath, [...nodeFlags, jest, ...jestFlags, ...args], 'inherit')
    const tally = readTally(resultPath, code)
    console.log(`${tally.failed === 0 ? '✓' : '✗'} tests (${secondsSince(startedAt)})`)
    return tally
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Jest's own numbers; a file that could not run, or a Jest that ended badly without saying why, is a failure. */
function readTally(resultPath: string, code: number): Tally {
  try {
    const result = JSON.parse(readFileSync(resultPath, 'utf8'))
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites
    return {
      passed: result.numPassedTests,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** Ctrl-C and SIGTERM go on to the child, whose end is waited for: Jest has servers to stop. */
function run(command: string, args: string[], output: 'pipe' | 'inherit') {
  const stdio =
    output === 'pipe' ? (['ignore', 'pipe', 'pipe'] as const) : (['ignore', 'inherit', 'inherit'] as const)
  const child = spawn(command, args, { cwd: root, stdio: [...stdio] })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(String(chunk)))
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  return new Promise<{ code: number; output: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('SIGINT', pass).off('SIGTERM', pass)
      resolve({ code: code ?? 1, output: chunks.join('') })
    })
  })
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
}

await main(process.argv.slice(2))
