import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export type Chromium = { executablePath: string } | { missing: string }

/**
 * Finds Chromium for playwright-core, or installs Debian's when this is root on Debian. A test that gets
 * `missing` skips and says why; CHROMIUM_PATH names one that stands elsewhere.
 */
export async function findChromium(): Promise<Chromium> {
  const found = await firstExecutable()
  if (found) return { executablePath: found }
  if (process.getuid?.() !== 0) return { missing: 'no Chromium on PATH (apt-get install chromium)' }
  try {
    await promisify(execFile)('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      timeout: 180_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { missing: `no Chromium on PATH, and installing it failed: ${reason}` }
  }
  const installed = await firstExecutable()
  return installed ? { executablePath: installed } : { missing: 'the chromium package brought no binary' }
}

async function firstExecutable(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  for (const path of [process.env.CHROMIUM_PATH, ...candidates]) {
    if (!path) continue
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (usable) return path
  }
  return undefined
}
