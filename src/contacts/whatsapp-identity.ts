import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** A hash that WhatsApp told, of the person behind an address (a wa_id or a BSUID). */
export interface ToldIdentity {
  address: string
  hash: string
  atMs: number
  contactId: string
  causeId: string
}
export interface WhatsAppIdentity {
  /** The phone number or BSUID that it is behind. */
  address: string
  /** The last one told. */
  hash: string
  /** False: it is not who one trusted, and nobody has said since that it is right. */
  acknowledged: boolean
  /** WhatsApp says that this hash holds no more, and has not told the new one yet. */
  outdated: boolean
  /** Since when it is the hash. */
  seenAt: string
  acknowledgedAt: string | null
}

/**
 * Keeps what WhatsApp told. The first hash of an address is trusted, and so is the one that follows when an outdated hash
 * was acknowledged; any other hash is a person to be checked.
 */
export async function noteIdentities(
  em: Em,
  { workspaceId, id: numberId }: { workspaceId: string; id: string },
  told: ToldIdentity[],
): Promise<void> {
  if (told.length === 0) return
  const latest = new Map(told.toSorted((a, b) => a.atMs - b.atMs).map((each) => [each.address, each]))
  const rows = [...latest.values()].toSorted((a, b) => (a.address < b.address ? -1 : 1))
  const moved = await em.execute<{ address: string; is_changed: boolean }[]>(
    `insert into whatsapp_identities as w (workspace_id, number_id, address, hash, seen_at, acknowledged_at)
     select ?, ?, n.address, n.hash, n.at, n.at
     from (select r.*, to_timestamp(r.at_ms / 1000.0) as at from jsonb_to_recordset(?::jsonb)
       as r(address text, hash text, at_ms double precision)) n
     on conflict (number_id, address) do update set hash = excluded.hash, outdated = false,
       seen_at = case when w.hash = excluded.hash then w.seen_at else excluded.seen_at end,
       acknowledged_at = case when w.hash = excluded.hash then w.acknowledged_at
         when w.outdated and w.acknowledged_at is not null then excluded.seen_at end
     where (w.hash <> excluded.hash or w.outdated) and excluded.seen_at >= w.seen_at
     returning w.address, w.acknowledged_at is null as is_changed`,
    [
      workspaceId,
      numberId,
      JSON.stringify(rows.map(({ address, hash, atMs }) => ({ address, hash, at_ms: atMs }))),
    ],
  )
  const changed = new Set(moved.filter((row) => row.is_changed).map((row) => row.address))
  await tellChanged(
    em,
    { workspaceId, numberId },
    rows.filter(({ address }) => changed.has(address)),
  )
}

/** WhatsApp refused a message because the hash sent along is not the person's any more. */
export async function distrustIdentity(
  em: Em,
  { workspaceId, id: numberId }: { workspaceId: string; id: string },
  about: Omit<ToldIdentity, 'hash'>,
): Promise<void> {
  const distrusted = await em.execute<object[]>(
    `update whatsapp_identities set outdated = true, acknowledged_at = null, acknowledged_by = null
     where workspace_id = ? and number_id = ? and address = ? and not outdated
       and seen_at <= to_timestamp(? / 1000.0) returning address`,
    [workspaceId, numberId, about.address, about.atMs],
  )
  if (distrusted.length > 0) await tellChanged(em, { workspaceId, numberId }, [about])
}

async function tellChanged(
  em: Em,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
  changed: Omit<ToldIdentity, 'hash'>[],
): Promise<void> {
  await recordFacts(
    em,
    workspaceId,
    changed.map(({ contactId, causeId, atMs }) => ({
      ...{ id: newId(), atMs, kind: 'identity.distrusted', contactId, causeId },
      data: { number: numberId },
    })),
  )
}

const ofContact = `w.workspace_id = ? and w.number_id = ? and w.address in (select i.value from identities i
  where i.contact_id = ? and i.kind in ('wa_id', 'bsuid') and i.valid_to is null)`

/** As one of our numbers was last told it. */
export async function getIdentity(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId, contactId }: { workspaceId: string; numberId: string; contactId: string },
): Promise<WhatsAppIdentity> {
  const [identity] = await forkFor(deps.orm, workspaceId).execute<WhatsAppIdentity[]>(
    `select w.address, w.hash, w.acknowledged_at is not null as acknowledged, w.outdated, ${isoTime('w.seen_at')} as "seenAt",
       ${isoTime('w.acknowledged_at')} as "acknowledgedAt"
     from whatsapp_identities w where ${ofContact} order by w.seen_at desc limit 1`,
    [workspaceId, numberId, contactId],
  )
  if (identity) return identity
  const message = 'WhatsApp has told no identity hash of this contact: is the identity check on?'
  throw new AppError('not_found', message)
}

/** Says that the current hash is the right person's; until then a protected number sends nothing to it. */
export async function acknowledgeIdentity(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; numberId: string; contactId: string; hash: string; by: string },
): Promise<WhatsAppIdentity> {
  const { workspaceId, numberId, contactId, hash, by } = input
  const current = await getIdentity(deps, input)
  if (current.hash !== hash) {
    const message = 'is not the current hash of this contact'
    throw new AppError('conflict', `hash ${message}`, { fields: [{ field: 'hash', message }] })
  }
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const acknowledged = await em.execute<object[]>(
      `update whatsapp_identities w set acknowledged_at = now(), acknowledged_by = ?
       where ${ofContact} and w.hash = ? and w.acknowledged_at is null returning w.address`,
      [by, workspaceId, numberId, contactId, hash],
    )
    if (acknowledged.length === 0) return
    const data = { number: numberId, by }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'identity.acknowledged', contactId, data },
    ])
  })
  return getIdentity(deps, input)
}

/** Whether a protected number may write to an address, and by which hash WhatsApp is to know the person. */
export interface Trust {
  isDistrusted: boolean
  /** None while WhatsApp has not told the hash of the person that we trust. */
  hash: string | undefined
}

export async function findTrust(em: Em, numberId: string, address: string): Promise<Trust> {
  const [row] = await em.execute<{ hash: string; is_acknowledged: boolean; outdated: boolean }[]>(
    `select hash, acknowledged_at is not null as is_acknowledged, outdated from whatsapp_identities
     where number_id = ? and address = ?`,
    [numberId, address],
  )
  if (!row) return { isDistrusted: false, hash: undefined }
  return { isDistrusted: !row.is_acknowledged, hash: row.outdated ? undefined : row.hash }
}
