import { readdirSync, readFileSync } from 'node:fs'

/** Processor time in milliseconds, by what was running. */
export type ProcessorTime = Record<string, number>

/** Linux counts in hundredths of a second. */
const tickMs = 10

/**
 * What each of this process's descendants has used until now, by what they run; the first pattern that fits a child of ours
 * names it and its own children. Other than the clock, it is not moved by neighbours on the machine (Linux).
 */
export function readProcessorTime(names: Record<string, RegExp>): ProcessorTime {
  const processes = readdirSync('/proc').flatMap((entry) =>
    /^\d+$/.test(entry) ? (readStat(entry) ?? []) : [],
  )
  const used: ProcessorTime = Object.fromEntries(Object.keys(names).map((name) => [name, 0]))
  const count = (pid: number, name: string): void => {
    for (const { usedMs } of processes.filter((each) => each.pid === pid))
      used[name] = (used[name] ?? 0) + usedMs
    for (const child of processes) if (child.parent === pid) count(child.pid, name)
  }
  for (const { pid, parent, command } of processes) {
    const name = parent === process.pid && Object.keys(names).find((each) => names[each]?.test(command))
    if (name) count(pid, name)
  }
  return used
}

export function subtract(after: ProcessorTime, before: ProcessorTime): ProcessorTime {
  return Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]))
}

/** With what its ended children used. A process may end while it is looked at. */
function readStat(pid: string) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    // The name in brackets may hold spaces; what follows it is counted from the state, the third field.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const used = [11, 12, 13, 14].reduce((all, at) => all + Number(fields[at]), 0)
    return { pid: Number(pid), parent: Number(fields[1]), command, usedMs: used * tickMs }
  } catch {
    return undefined
  }
}
