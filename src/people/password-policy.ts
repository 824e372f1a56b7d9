import { readFileSync } from 'node:fs'
import { refuseField } from './refuse-field.ts'

const shortest = 8
const longest = 1_000

/** NIST SP 800-63B: length, and no password that everybody tries first. Nothing about digits and signs. */
export function checkPassword(password: string, username: string, field = 'password'): void {
  const length = [...password].length
  if (length < shortest) refuseField(field, `must have at least ${shortest} characters`)
  if (length > longest) refuseField(field, `must have at most ${longest} characters`)
  const folded = password.normalize('NFKC').toLowerCase()
  if (folded === username.toLowerCase()) refuseField(field, 'must not be the user name')
  if (commonPasswords().has(folded)) refuseField(field, 'is one of the most common passwords: choose another')
}

let known: ReadonlySet<string> | undefined

/** Of eight characters and more, from the frequency list of zxcvbn 4.4.2 (MIT): 11,611 of leaked accounts. */
function commonPasswords(): ReadonlySet<string> {
  known ??= new Set(
    readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
      .trimEnd()
      .split('\n'),
  )
  return known
}
