import type { Payload, PayloadCodec } from '@temporalio/common'
import { z } from 'zod'
import type { Orm } from '../db/orm.ts'
import { isUnavailable } from '../kit/unavailable.ts'
import { AppError } from '../model/errors.ts'
import { PayloadKey } from '../settings/entities.ts'

const base64 = z.string().max(16 * 1024 * 1024)

/** A payload as Temporal's remote codec protocol carries it: bytes in base64. */
export const wirePayloads = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), base64).default({}), data: base64.default('') }))
    .max(1_000),
})
export type WirePayload = z.infer<typeof wirePayloads>['payloads'][number]

/** Decodes payloads for an engineer of one workspace, and of no other. An erased one says so. */
export async function decodePayloads(
  { orm, codec }: { orm: Orm; codec: PayloadCodec },
  workspaceId: string,
  payloads: WirePayload[],
): Promise<WirePayload[]> {
  const sealed = new Map(payloads.flatMap((payload) => keyIdOf(payload) ?? []).map((id) => [id, false]))
  const rows = await orm.em.fork().find(PayloadKey, { id: { $in: [...sealed.keys()] } }, { filters: false })
  for (const row of rows) if (row.workspaceId === workspaceId) sealed.set(row.id, true)
  if ([...sealed.values()].includes(false)) {
    throw new AppError('forbidden', 'these payloads are not of your workspace')
  }
  const erased = new Set(rows.filter((row) => !row.sealedKey).map((row) => row.id))
  return Promise.all(
    payloads.map(async (payload) =>
      erased.has(keyIdOf(payload) ?? '') ? erasedPayload : decodeOne(codec, payload),
    ),
  )
}

/** Undefined for what was never encrypted. */
function keyIdOf({ metadata }: WirePayload): string | undefined {
  if (text(metadata['encoding']) !== 'binary/encrypted') return undefined
  const id = text(metadata['encryption-key-id'])
  if (!z.uuid().safeParse(id).success) throw unreadable('a payload names no key')
  return id
}

async function decodeOne(codec: PayloadCodec, wire: WirePayload): Promise<WirePayload> {
  const decoded = await codec.decode([fromWire(wire)]).catch((cause: unknown) => {
    throw isUnavailable(cause) ? cause : unreadable('a payload does not fit its key', cause)
  })
  return decoded[0] ? toWire(decoded[0]) : wire
}

const erasedPayload: WirePayload = toWire({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(
    JSON.stringify('[erased: the key of this contact was deleted, so this cannot be read any more]'),
  ),
})

function fromWire({ metadata, data }: WirePayload): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')])
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data, 'base64') }
}

function toWire({ metadata, data }: Payload): WirePayload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, encode(value)])
  return { metadata: Object.fromEntries(entries), data: encode(data ?? new Uint8Array()) }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function text(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString('utf8')
}

function unreadable(message: string, cause?: unknown): AppError {
  return new AppError('invalid_input', message, { cause, fields: [{ field: 'payloads', message }] })
}
