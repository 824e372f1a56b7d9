import { setTimeout as sleep } from 'node:timers/promises'
import type { Deps } from '../../deps.ts'
import { claimChunk, type Claim, type ClaimOrder } from './claim-chunk.ts'
import type { Lane } from './lane.ts'

/** Two that wanted the same rows: one of them tries again. */
const passing = new Set(['40P01', '40001'])
const passingMs = 50
const maximumTries = 5

/**
 * Claims in such a way that one person whose message cannot be made or written down holds up nobody else: they are taken one by
 * one then, and who it is gets passed over with the reason.
 */
export function createSafeClaims(deps: Pick<Deps, 'orm' | 'log'>, lane: Lane) {
  let oneByOne = 0

  async function claim(order: ClaimOrder, tries = 0): Promise<Claim> {
    const isOne = order.limit === 1
    try {
      return await claimChunk(deps, lane, order)
    } catch (error) {
      const code = (error as { code?: string }).code ?? ''
      if (passing.has(code) && tries < maximumTries) {
        await sleep(passingMs * (tries + 1))
        return claim(order, tries + 1)
      }
      if (!isAboutValues(error, code) || order.poison !== undefined) throw error
      deps.log.warn(
        { err: error, runId: lane.runId, isOne },
        'a message of a campaign cannot be written down',
      )
      if (!isOne) oneByOne = order.limit
      return claim({ ...order, limit: 1, ...(isOne && { poison: saysWhat(error) }) })
    }
  }

  return (order: ClaimOrder): Promise<Claim> => {
    if (oneByOne === 0) return claim(order)
    oneByOne -= 1
    return claim({ ...order, limit: 1 })
  }
}

/** PostgreSQL's classes of data and constraints, and whatever failed before anything was written. */
function isAboutValues(error: unknown, code: string): boolean {
  return /^2[23]/.test(code) || (code === '' && (error instanceof TypeError || error instanceof RangeError))
}

function saysWhat(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return `the message cannot be written down: ${message.slice(-200)}`
}
