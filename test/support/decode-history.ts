import type { PayloadCodec } from '@temporalio/common'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import type { temporal } from '@temporalio/proto'

type History = temporal.api.history.v1.IHistory

/** A history as JSON with its payloads decoded, fit to be saved: the keys of a test's contacts die with its database. */
export async function decodeHistory(history: History, codec: PayloadCodec): Promise<unknown> {
  await decodeInside(history, codec)
  // Which process on which host did the work says nothing about the workflow.
  const json = historyToJSON(history).replaceAll(/"identity":\s*"[^"]*"/g, '"identity":"recorder"')
  return JSON.parse(json) as unknown
}

async function decodeInside(node: unknown, codec: PayloadCodec): Promise<void> {
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return
  for (const [key, child] of Object.entries(node)) {
    if (isPayload(child)) {
      const [plain] = await codec.decode([child])
      Object.assign(node, { [key]: plain })
    } else await decodeInside(child, codec)
  }
}

function isPayload(node: unknown): node is { metadata: Record<string, Uint8Array>; data: Uint8Array } {
  return node !== null && typeof node === 'object' && 'metadata' in node && 'data' in node
}
