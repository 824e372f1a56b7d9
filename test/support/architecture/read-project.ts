import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSource, type SourceFile } from './source-file.ts'

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url))
const roots = ['src', 'workflows', 'activities', 'integrations', 'web', 'test', 'bench']

/** Every TypeScript file of the project, parsed. */
export function readProject(): SourceFile[] {
  return roots
    .flatMap(filesUnder)
    .map((path) => parseSource(path, readFileSync(join(projectRoot, path), 'utf8')))
}

function filesUnder(folder: string): string[] {
  if (!existsSync(join(projectRoot, folder))) return []
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : filesUnder(path)
    return /\.m?tsx?$/.test(entry.name) ? [path] : []
  })
}
