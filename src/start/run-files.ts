import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identifyProcess } from './process-identity.ts'

/** `DATA_DIR/run`: `<name>.pid` for scripts, and beside it what proves that the process is still the same one. */
export interface RunFiles {
  write(name: string, pid: number): void
  remove(name: string, pid: number): void
  /** The pid under this name when that very process still lives. */
  findLive(name: string): number | undefined
  /** Takes the data directory for this process; returns the pid of the one that holds it instead. */
  lock(): number | undefined
}

const supervisor = 'supervisor'

export function createRunFiles(dataDir: string): RunFiles {
  const folder = join(dataDir, 'run')
  mkdirSync(folder, { recursive: true })
  const pidPath = (name: string) => join(folder, `${name}.pid`)
  const identityPath = (name: string) => join(folder, `${name}.identity`)

  const write = (name: string, pid: number, flag = 'w') => {
    writeFileSync(pidPath(name), `${pid}\n`, { flag })
    writeFileSync(identityPath(name), identifyProcess(pid) ?? '')
  }
  const removeBoth = (name: string) => {
    for (const path of [pidPath(name), identityPath(name)]) rmSync(path, { force: true })
  }
  const findLive = (name: string) => {
    const pid = Number(readText(pidPath(name)))
    const identity = readText(identityPath(name))
    return pid && identity && identifyProcess(pid) === identity ? pid : undefined
  }

  return {
    write: (name, pid) => write(name, pid),
    remove: (name, pid) => {
      if (Number(readText(pidPath(name))) === pid) removeBoth(name)
    },
    findLive,
    lock: () => {
      const holder = findLive(supervisor)
      if (holder !== undefined) return holder
      removeBoth(supervisor)
      try {
        write(supervisor, process.pid, 'wx')
      } catch {
        // Another start created the file between the two lines above.
        return Number(readText(pidPath(supervisor)))
      }
      process.on('exit', () => removeBoth(supervisor))
      return undefined
    },
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
