import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hashSources, projectRoot as root } from './hash-sources.ts'

const keptMs = 24 * 60 * 60_000

/**
 * The workflow bundle of the sources as they are now, built when there is none of them. Bundling takes seconds:
 * a worker that finds it done is back much sooner after a crash. It belongs to this checkout and what is installed
 * in it, so it is kept there.
 */
export async function bringWorkflowBundle(): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'dripline')
  const name = `${hashSources(['workflows', 'src/model', 'src/temporal/workflow-sources.ts', 'package-lock.json'])}.js`
  const path = join(folder, name)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const partial = `${path}.${process.pid}.partial.js`
  await promisify(execFile)(process.execPath, [join(root, 'src/bundle-workflows.ts'), partial], { cwd: root })
  renameSync(partial, path)
  removeOld(folder)
  return path
}

/** Of other sources; a start beside this one may be building one just now. */
function removeOld(folder: string): void {
  for (const path of readdirSync(folder).map((name) => join(folder, name))) {
    const bornMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (Date.now() - bornMs > keptMs) rmSync(path, { force: true })
  }
}
