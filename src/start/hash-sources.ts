import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url))

/** Identifies what files and folders of the project hold now, names and contents. */
export function hashSources(places: string[]): string {
  const hash = createHash('sha256')
  for (const place of places) {
    for (const file of listFiles(join(projectRoot, place))) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 24)
}

function listFiles(place: string): string[] {
  if (statSync(place).isFile()) return [place]
  const entries = readdirSync(place, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
