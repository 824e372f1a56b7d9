import { createHmac, randomBytes } from 'node:crypto'
import type { Seal } from '../kit/seal.ts'

/** As Standard Webhooks writes one down, with until when the one before is still good. */
interface Secret {
  secret: string
  untilMs: number | null
}

const secretBytes = 32
/** So long both signatures are sent, for receivers that still know the old secret. */
const overlapMs = 24 * 60 * 60_000

export function drawSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`
}

export function sealSecret(seal: Seal, secret: string): string {
  return seal.seal(JSON.stringify([{ secret, untilMs: null }] satisfies Secret[]))
}

/** The new one signs from now on, and those before for a while beside it. */
export function sealNewSecret(seal: Seal, sealed: string | null, secret: string, nowMs: number): string {
  const before = unsealSecrets(seal, sealed, nowMs)
  const outgoing = before.map((each) => ({ ...each, untilMs: each.untilMs ?? nowMs + overlapMs }))
  // More than a few at once would make a header that nobody takes.
  return seal.seal(JSON.stringify([{ secret, untilMs: null }, ...outgoing.slice(0, 2)] satisfies Secret[]))
}

function unsealSecrets(seal: Seal, sealed: string | null, nowMs: number): Secret[] {
  if (sealed === null) return []
  const secrets = JSON.parse(seal.unseal(sealed).toString('utf8')) as Secret[]
  return secrets.filter(({ untilMs }) => untilMs === null || untilMs > nowMs)
}

/** The three headers of Standard Webhooks 1.0.0, over the bytes that are sent. */
export function signWebhook(
  seal: Seal,
  sealed: string | null,
  { id, body, nowMs }: { id: string; body: string; nowMs: number },
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000))
  const signatures = unsealSecrets(seal, sealed, nowMs).map(({ secret }) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
  }
}
