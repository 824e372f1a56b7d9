import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readJson, writeJson } from './json-file.ts'

/** A user that PostgreSQL may run as: it refuses to run as root. */
export interface PostgresUser {
  uid: number
  gid: number
}

// Where a cluster goes whose own folder the postgres user cannot reach, such as a checkout below /root.
const sharedHome = '/var/lib/dripline'

/** Undefined when this process is no root and PostgreSQL runs as its own user. */
export function findPostgresUser(): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  try {
    return askIds()
  } catch {
    execFileSync('groupadd', ['-f', '--system', 'postgres'], { stdio: 'ignore' })
    execFileSync('useradd', ['--system', '-g', 'postgres', 'postgres'], { stdio: 'ignore' })
    return askIds()
  }
}

/** The folder of the cluster: in DATA_DIR, unless the postgres user cannot get there. */
export function choosePostgresHome(dataDir: string, user: PostgresUser | undefined): string {
  const inside = join(dataDir, 'postgres')
  if (!user) return ensureOwned(inside, undefined)
  const placePath = join(dataDir, 'postgres-place.json')
  const known = readJson<{ path: string }>(placePath)?.path
  if (known) return ensureOwned(known, user)
  // Our own folder may be let through (what it holds is readable by its owner alone); its parents are not ours.
  if (canReach(dirname(dataDir), user)) {
    chmodSync(dataDir, statSync(dataDir).mode | 0o011)
    return ensureOwned(inside, user)
  }
  const path = join(sharedHome, randomUUID(), 'postgres')
  writeJson(placePath, { path })
  return ensureOwned(path, user)
}

/** The folder of the programs: the npm package's, or a copy where the postgres user can reach it. */
export function reachablePrograms(
  nativeDir: string,
  version: string,
  user: PostgresUser | undefined,
): string {
  if (!user || canReach(nativeDir, user)) return nativeDir
  const copy = join(sharedHome, `postgres-${version}`)
  if (existsSync(copy)) return copy
  mkdirSync(sharedHome, { recursive: true, mode: 0o755 })
  const partial = `${copy}.${process.pid}.partial`
  cpSync(nativeDir, partial, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(partial, copy)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
  return copy
}

function canReach(path: string, { uid, gid }: PostgresUser): boolean {
  const { mode, uid: owner, gid: group } = statSync(path)
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
  return (mode & bit) !== 0 && (dirname(path) === path || canReach(dirname(path), { uid, gid }))
}

function ensureOwned(path: string, user: PostgresUser | undefined): string {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o700)
  if (user) chownSync(path, user.uid, user.gid)
  return path
}

function askIds(): PostgresUser {
  const ask = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  return { uid: ask('-u'), gid: ask('-g') }
}
