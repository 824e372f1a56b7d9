import type { Json } from '../model/json.ts'

const hidden = '***'
/** Names whose values are nobody's to read, wherever they stand. */
const secretName =
  /passw|secret|token|authoriz|api[-_]?key|cookie|credential|signature|private[-_]?key|^key$|^pin$|^otp$/i
/** Shorter ones would blot out innocent words. */
const shortestSecret = 4

/**
 * What a trace or an answer may show: without values whose names sound secret, and without the secrets themselves, even
 * where the other side repeats them.
 * @param secrets texts that must not show, however they are written in an address.
 */
function redact(value: Json, secrets: readonly string[] = []): Json {
  const known = secrets.filter((secret) => secret.length >= shortestSecret)
  const texts = [
    ...new Set(known.flatMap((secret) => [secret, encodeURIComponent(secret), toBase64(secret)])),
  ]
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return hideIn(node, texts)
    if (node === null || typeof node !== 'object') return node
    if (Array.isArray(node)) return node.map(walk)
    const entries = Object.entries(node).map(([name, child]) => [
      hideIn(name, texts),
      secretName.test(name) && child !== null ? hidden : walk(child),
    ])
    return Object.fromEntries(entries) as Json
  }
  return walk(value)
}

/** Facts are read in lists, and kept for long. */
const longestTrace = 2_000

/** The same, cut to what a trace keeps. */
export function traceOf(value: Json, secrets: readonly string[] = []): Json {
  const shown = redact(value, secrets)
  const text = JSON.stringify(shown)
  return text.length > longestTrace ? `${text.slice(0, longestTrace - 1).toWellFormed()}…` : shown
}

function hideIn(text: string, secrets: readonly string[]): string {
  const hiddenText = secrets.reduce((left, secret) => left.replaceAll(secret, hidden), text)
  return /^https?:\/\//.test(hiddenText) ? hideInUrl(hiddenText) : hiddenText
}

/** Passwords before the host, and parameters whose names sound secret. */
function hideInUrl(text: string): string {
  return text
    .replace(/^(https?:\/\/)[^/?#@]*@/, `$1${hidden}@`)
    .replace(/([?&])([^=&#]*)=([^&#]*)/g, (whole, sign: string, name: string) =>
      secretName.test(name) ? `${sign}${name}=${hidden}` : whole,
    )
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64')
}
