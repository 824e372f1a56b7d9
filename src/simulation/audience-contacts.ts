import type { Em } from '../db/orm.ts'
import { createDraws } from './draws.ts'
import type { AudienceContact } from './audience-order.ts'
import type { Audience } from './audience-schema.ts'
import type { FrozenSimulation } from './create-simulation.ts'
import { hashBytes, hashContact, loadSimulatedContacts } from './load-simulated-contacts.ts'
import { makeContact } from './synthetic-contacts.ts'

const batchSize = 500
const idBytes = 16

/** Contacts by their numbers, in batches. Of real ones the ids are kept with the simulation as soon as they are known. */
export async function* readAudience(
  em: Em,
  simulation: { id: string; workspaceId: string; audience: Audience; frozen: FrozenSimulation },
): AsyncGenerator<AudienceContact[]> {
  const { audience, frozen } = simulation
  const { order } = frozen
  if (audience.kind === 'synthetic') {
    for (let from = 0; from < audience.count; from += batchSize)
      yield numbersFrom(from, audience.count).map((n) => ({
        n,
        contact: makeContact(audience, n, createDraws(order.seed, n)),
      }))
    return
  }
  const ids = await freezeIds(em, simulation)
  order.count = ids.length
  const hashes = Buffer.alloc(ids.length * hashBytes)
  for (let from = 0; from < ids.length; from += batchSize) {
    const numbers = numbersFrom(from, ids.length)
    const found = await loadSimulatedContacts(em, {
      ...{ workspaceId: simulation.workspaceId, numberId: frozen.numberId, nowMs: order.entryAtMs },
      ...{ definition: order.definition, ids: ids.slice(from, from + batchSize) },
    })
    yield numbers.flatMap((n) => {
      const loaded = found.get(ids[n] ?? '')
      if (!loaded) return []
      hashContact(loaded).copy(hashes, n * hashBytes)
      return [{ n, ...loaded }]
    })
  }
  await em.execute(
    `update simulation_contacts set hashes = decode(?, 'base64') where workspace_id = ? and simulation_id = ?`,
    [...[hashes.toString('base64'), simulation.workspaceId, simulation.id]],
  )
}

function numbersFrom(from: number, count: number): number[] {
  return Array.from({ length: Math.min(batchSize, count - from) }, (_, at) => from + at)
}

/** Whoever is in the audience when it is first read stays its audience: a simulation that begins anew meets the same. */
async function freezeIds(
  em: Em,
  { id, workspaceId, audience }: { id: string; workspaceId: string; audience: Audience },
): Promise<string[]> {
  const [kept] = await em.execute<{ ids: Buffer }[]>(
    'select ids from simulation_contacts where workspace_id = ? and simulation_id = ?',
    [workspaceId, id],
  )
  if (kept) return unpackIds(kept.ids)
  const ids =
    audience.kind === 'segment'
      ? await listMemberIds(em, workspaceId, audience)
      : audience.kind === 'contacts'
        ? [...new Set(audience.contactIds)]
        : []
  const packed = Buffer.from(ids.join('').replaceAll('-', ''), 'hex').toString('base64')
  await em.execute(
    `insert into simulation_contacts (simulation_id, workspace_id, ids, hashes)
     values (?, ?, decode(?, 'base64'), '') on conflict do nothing`,
    [id, workspaceId, packed],
  )
  return ids
}

async function listMemberIds(
  em: Em,
  workspaceId: string,
  { segmentId, limit }: Extract<Audience, { kind: 'segment' }>,
): Promise<string[]> {
  const rows = await em.execute<{ contact_id: string }[]>(
    `select m.contact_id from segment_members m where m.workspace_id = ? and m.segment_id = ?
     order by m.contact_id limit ?`,
    [workspaceId, segmentId, limit],
  )
  return rows.map(({ contact_id }) => contact_id)
}

function unpackIds(packed: Buffer): string[] {
  return Array.from({ length: packed.length / idBytes }, (_, at) => unpackId(packed, at))
}

function unpackId(packed: Buffer, at: number): string {
  const hex = packed.toString('hex', at * idBytes, (at + 1) * idBytes)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export interface FoundContact extends AudienceContact {
  /** Since it was simulated. */
  changed: boolean
  isReal: boolean
}

/** Contact number `n` of a simulation as the workspace has it now; undefined when it is gone, or there never was one. */
export async function findAudienceContact(
  em: Em,
  simulation: { id: string; workspaceId: string; audience: Audience; frozen: FrozenSimulation },
  n: number,
): Promise<FoundContact | undefined> {
  const { audience, frozen, workspaceId } = simulation
  const { order } = frozen
  if (audience.kind === 'synthetic') {
    if (n >= audience.count) return undefined
    return { n, contact: makeContact(audience, n, createDraws(order.seed, n)), changed: false, isReal: false }
  }
  const [kept] = await em.execute<{ id: Buffer; hash: Buffer; count: number }[]>(
    `select substring(ids from ? for ${idBytes}) as id, substring(hashes from ? for ${hashBytes}) as hash,
       length(ids) / ${idBytes} as count from simulation_contacts where workspace_id = ? and simulation_id = ?`,
    [n * idBytes + 1, n * hashBytes + 1, workspaceId, simulation.id],
  )
  if (!kept || n >= kept.count) return undefined
  order.count = kept.count
  const id = unpackId(kept.id, 0)
  const asked = { workspaceId, ids: [id], numberId: frozen.numberId, nowMs: order.entryAtMs }
  const found = (await loadSimulatedContacts(em, { ...asked, definition: order.definition })).get(id)
  return found && { n, ...found, changed: !hashContact(found).equals(kept.hash), isReal: true }
}
