import { z } from 'zod'
import { GraphError } from './graph-errors.ts'

const faultSchema = z
  .strictObject({
    id: z.string().min(1).optional(),
    match: z
      .strictObject({
        /** A part of the URL's path, e.g. `/messages` or `/media`. */
        path: z.string().optional(),
        method: z.string().toUpperCase().optional(),
        to: z.string().optional(),
        phoneNumberId: z.string().optional(),
        type: z.string().optional(),
      })
      .optional(),
    kind: z.enum(['error', 'drop', 'slow', 'http']),
    code: z.number().int().optional(),
    details: z.string().optional(),
    httpStatus: z.number().int().min(400).max(599).optional(),
    rate: z.number().min(0).max(1).default(1),
    times: z.number().int().min(1).optional(),
    delayMs: z.number().int().min(0).max(600_000).default(0),
    /** drop and http: whether the message goes out all the same. Default: drop yes, http no. */
    accept: z.boolean().optional(),
  })
  .refine((fault) => fault.kind !== 'error' || fault.code !== undefined, {
    path: ['code'],
    error: 'an error fault names its code',
  })
  .refine((fault) => fault.kind !== 'slow' || fault.delayMs > 0, {
    path: ['delayMs'],
    error: 'a slow fault says how slow',
  })

export const faultsInputSchema = z.strictObject({ faults: z.array(faultSchema) })
type Fault = z.infer<typeof faultSchema>
type LiveFault = Fault & { id: string; hits: number }

/** What a call is about, as far as it is known when faults are looked up. */
export type FaultTarget = {
  method: string
  path: string
  phoneNumberId?: string
  to?: string
  type?: string
}

/** What befalls one call; `accept` tells whether the work is done before the reply is spoilt. */
export type Mishap = {
  delayMs: number
  error?: GraphError
  spoil?: { kind: 'drop' | 'http'; accept: boolean; httpStatus: number }
}

export type Faults = ReturnType<typeof createFaults>

export function createFaults({ random }: { random: () => number }) {
  let faults: LiveFault[] = []
  return {
    set(input: Fault[]) {
      faults = input.map((fault, index) => ({ ...fault, id: fault.id ?? `fault-${index + 1}`, hits: 0 }))
    },
    list: () => faults,
    clear() {
      faults = []
    },
    /** Every matching `slow` adds its delay; the first other match decides the outcome. */
    strike(target: FaultTarget): Mishap | null {
      if (faults.length === 0) return null
      const mishap: Mishap = { delayMs: 0 }
      for (const fault of faults) {
        if (!matches(fault, target) || (fault.times !== undefined && fault.hits >= fault.times)) continue
        if (fault.rate < 1 && random() >= fault.rate) continue
        fault.hits += 1
        mishap.delayMs += fault.delayMs
        if (fault.kind === 'slow') continue
        return decide(fault, mishap)
      }
      return mishap
    },
  }
}

function matches({ match }: Fault, target: FaultTarget): boolean {
  // A read receipt is struck only by name: else it would use up the `times` that were meant for messages.
  if (target.type === 'read') return match?.type === 'read'
  if (!match) return true
  return (
    (match.path === undefined || target.path.includes(match.path)) &&
    (match.method === undefined || match.method === target.method) &&
    (match.to === undefined || digitsOrId(match.to) === target.to) &&
    (match.phoneNumberId === undefined || match.phoneNumberId === target.phoneNumberId) &&
    (match.type === undefined || match.type === target.type)
  )
}

function digitsOrId(to: string): string {
  return to.startsWith('+') ? to.replace(/\D/g, '') : to
}

function decide(fault: Fault, mishap: Mishap): Mishap {
  if (fault.kind === 'error') {
    const options = fault.httpStatus === undefined ? {} : { httpStatus: fault.httpStatus }
    mishap.error = new GraphError(fault.code ?? 131000, fault.details ?? 'Injected by the sandbox.', options)
  } else if (fault.kind === 'drop' || fault.kind === 'http') {
    const accept = fault.accept ?? fault.kind === 'drop'
    mishap.spoil = { kind: fault.kind, accept, httpStatus: fault.httpStatus ?? 500 }
  }
  return mishap
}
