import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Python = { executable: string } | { missing: string }

const run = promisify(execFile)

/**
 * A Python with these packages (exact versions), in a virtual environment that is made once and kept in the cache folder.
 * A test that gets `missing` skips and says why.
 */
export async function findPython(packages: readonly string[]): Promise<Python> {
  const name = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12)
  const folder = join(homedir(), '.cache', 'dripline', `python-${name}`)
  const executable = join(folder, 'bin', 'python')
  if (await isThere(executable)) return { executable }
  // Another test process may make the same one: whoever is done first, wins.
  const draft = `${folder}.${process.pid}`
  try {
    await mkdir(join(homedir(), '.cache', 'dripline'), { recursive: true })
    await run('python3', ['-m', 'venv', draft], { timeout: 120_000 })
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages], {
      timeout: 300_000,
    })
    await rename(draft, folder).catch(async (error: unknown) => {
      if (!(await isThere(executable))) throw error
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error)
    return { missing: `no Python with ${packages.join(', ')}: ${reason}` }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return { executable }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
