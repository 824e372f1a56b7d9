import { setTimeout as sleep } from 'node:timers/promises'
import { call } from './http.ts'

interface Sent {
  seq: number
  to: string
  acceptedAt: string
}

/** Follows the sandbox's ledger: `receipt` resolves with the instant at which the n-th message to somebody came in. */
export function watchLedger(sandboxUrl: string, pollMs: number) {
  const receipts = new Map<string, number[]>()
  const waiting = new Map<string, (atMs: number) => void>()
  let after = 0
  let isStopped = false

  function take({ seq, to, acceptedAt }: Sent): void {
    after = seq
    const known = receipts.get(to) ?? []
    receipts.set(to, [...known, Date.parse(acceptedAt)])
    const key = `${to} ${known.length + 1}`
    waiting.get(key)?.(Date.parse(acceptedAt))
    waiting.delete(key)
  }
  async function follow(): Promise<void> {
    while (!isStopped) {
      const page = await call('GET', `${sandboxUrl}/sandbox/ledger?after=${after}&limit=1000`)
      for (const sent of (JSON.parse(page) as { messages: Sent[] }).messages) take(sent)
      await sleep(pollMs)
    }
  }
  const following = follow()
  return {
    receipt(waId: string, nth: number): Promise<number> {
      const known = receipts.get(waId)?.[nth - 1]
      if (known !== undefined) return Promise.resolve(known)
      return new Promise((resolve) => waiting.set(`${waId} ${nth}`, resolve))
    },
    async stop() {
      isStopped = true
      await following
    },
  }
}
