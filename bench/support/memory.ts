import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessMemory {
  name: string
  megabytes: number
}

/** Resident memory of the processes that this one started, by what they run (Linux). */
export function measureChildren(names: Record<string, RegExp>): ProcessMemory[] {
  const children = readdirSync('/proc').filter(
    (entry) => /^\d+$/.test(entry) && parentOf(entry) === process.pid,
  )
  return Object.entries(names).map(([name, pattern]) => {
    const pid = children.find((child) => pattern.test(read(child, 'cmdline').replaceAll('\0', ' ')))
    const kilobytes = pid ? Number(/VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1]) : Number.NaN
    return { name, megabytes: Math.round(kilobytes / 1_024) }
  })
}

function parentOf(pid: string): number {
  return Number(/PPid:\s+(\d+)/.exec(read(pid, 'status'))?.[1])
}

/** A process may end while it is looked at. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
