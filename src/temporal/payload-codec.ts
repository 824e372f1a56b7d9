import type { KeyObject } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Payload, PayloadCodec } from '@temporalio/common'
import protobuf from '@temporalio/proto'
import { decrypt, encrypt } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import type { PayloadKeys } from './payload-keys.ts'

const encoding = new TextEncoder().encode('binary/encrypted')
const decoder = new TextDecoder()
const proto = protobuf.temporal.api.common.v1.Payload
/** Journey definitions and texts shrink to a fifth; small payloads would only grow. */
const compressFromBytes = 512
const maximumBytes = 16 * 1024 * 1024

/** Encrypts every payload of a workflow under the key of the person it is about; larger ones are compressed first. */
export function createPayloadCodec(keys: PayloadKeys): PayloadCodec {
  return {
    encode: async (payloads, context) => {
      if (payloads.length === 0) return payloads
      if (!context?.workflowId)
        throw new AppError('internal', 'a payload without a workflow cannot be encrypted')
      const { id, key } = await keys.forWorkflow(context.workflowId)
      return payloads.map((payload) => encodeOne(payload, id, key))
    },
    decode: (payloads) => Promise.all(payloads.map((payload) => decodeOne(payload, keys))),
  }
}

function encodeOne(payload: Payload, keyId: string, key: KeyObject): Payload {
  const plain = proto.encode(payload).finish()
  const isLarge = plain.byteLength >= compressFromBytes
  return {
    metadata: {
      encoding,
      'encryption-key-id': Buffer.from(keyId),
      ...(isLarge && { compression: Buffer.from('deflate') }),
    },
    data: encrypt(key, isLarge ? deflateRawSync(plain, { level: 1 }) : plain),
  }
}

/** Leaves alone what is not ours, e.g. payloads written before encryption or by Temporal itself. */
async function decodeOne(payload: Payload, keys: PayloadKeys): Promise<Payload> {
  if (decoder.decode(payload.metadata?.['encoding'] ?? new Uint8Array()) !== 'binary/encrypted')
    return payload
  const key = await keys.byId(decoder.decode(payload.metadata?.['encryption-key-id'] ?? new Uint8Array()))
  const packed = decrypt(key, payload.data ?? new Uint8Array())
  const plain = payload.metadata?.['compression']
    ? inflateRawSync(packed, { maxOutputLength: maximumBytes })
    : packed
  return proto.decode(plain)
}
