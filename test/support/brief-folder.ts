import { existsSync, mkdtempSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A new temporary folder for the files of a server. In memory where there is room: a database is nearly a thousand
 * files that live for seconds, and ext4 without a journal takes half a second of processor time over the inodes
 * of a new one when some have just been dropped.
 */
export function makeBriefFolder(prefix: string): string {
  return mkdtempSync(join(hasRoomInMemory() ? memoryFolder : tmpdir(), prefix))
}

const memoryFolder = '/dev/shm'
/** Several times what a whole run holds at once; containers often give this folder 64 MB. */
const wantedBytes = 4 * 1024 ** 3

function hasRoomInMemory(): boolean {
  // Linux alone has it.
  if (!existsSync(memoryFolder)) return false
  const { bavail, bsize } = statfsSync(memoryFolder)
  return bavail * bsize >= wantedBytes && freemem() >= wantedBytes
}
