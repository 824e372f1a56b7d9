import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const keptMs = 24 * 60 * 60_000
const root = fileURLToPath(new URL('../../', import.meta.url))

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

function hashSources(places: string[]): string {
  const hash = createHash('sha256')
  for (const place of places) {
    for (const file of listFiles(join(root, place))) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 24)
}

function listFiles(place: string): string[] {
  if (/\.\w+$/.test(place)) return [place]
  const entries = readdirSync(place, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
