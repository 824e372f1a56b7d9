import { execFile } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { childEnvironment } from '../config.ts'
import { hashSources, projectRoot } from './hash-sources.ts'

const sources = ['web/app', 'web/index.html', 'web/vite.config.ts', 'web/tsconfig.json', 'package-lock.json']
const folder = join(projectRoot, 'web')
const dist = join(folder, 'dist')

/** Builds the web app into web/dist, unless what stands there was built of the sources as they are now. */
export async function bringWebApp(): Promise<void> {
  const stamp = hashSources(sources)
  if (isBuiltOf(stamp)) return
  // Beside the old one, which an API process may be serving, until it is complete.
  const partial = join(folder, `.dist-${process.pid}`)
  const vite = join(projectRoot, 'node_modules', 'vite', 'bin', 'vite.js')
  try {
    const args = [vite, 'build', '--outDir', partial, '--emptyOutDir', '--logLevel', 'warn']
    await promisify(execFile)(process.execPath, args, {
      cwd: folder,
      env: childEnvironment({}, { NODE_ENV: 'production' }),
    })
    writeFileSync(join(partial, 'stamp.txt'), stamp)
    rmSync(dist, { recursive: true, force: true })
    putInPlace(partial, stamp)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

/** Another start in this checkout may have put the same there a moment ago. */
function putInPlace(partial: string, stamp: string): void {
  try {
    renameSync(partial, dist)
  } catch (error) {
    if (!isBuiltOf(stamp)) throw error
  }
}

function isBuiltOf(stamp: string): boolean {
  const path = join(dist, 'stamp.txt')
  return existsSync(path) && readFileSync(path, 'utf8') === stamp
}
