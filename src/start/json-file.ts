import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** The file's content, or undefined when it is absent or not JSON. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}

/** Written whole or not at all; readable by its owner alone unless `mode` says otherwise. */
export function writeJson(path: string, value: unknown, mode = 0o600): void {
  const partial = `${path}.${process.pid}.partial`
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, { mode })
  renameSync(partial, path)
}
