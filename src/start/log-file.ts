import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const rotateBytes = 10 * 1024 * 1024
const tailBytes = 4_096

/** Opens a log for appending; one that grew over 10 MB moves aside to `<path>.1` first. */
export function openLog(path: string): { descriptor: number; startBytes: number } {
  mkdirSync(dirname(path), { recursive: true })
  if (sizeOf(path) > rotateBytes) renameSync(path, `${path}.1`)
  const descriptor = openSync(path, 'a', 0o600)
  return { descriptor, startBytes: fstatSync(descriptor).size }
}

/** The last lines written after `startBytes`. */
export function readTail(path: string, startBytes: number, lines = 8): string[] {
  const endBytes = sizeOf(path)
  const from = Math.max(startBytes, endBytes - tailBytes)
  if (endBytes <= from) return []
  const buffer = Buffer.alloc(endBytes - from)
  const descriptor = openSync(path, 'r')
  readSync(descriptor, buffer, 0, buffer.length, from)
  closeSync(descriptor)
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
