import type { InboundStatus } from '../../integrations/whatsapp/webhook.ts'
import type { Em } from '../db/orm.ts'
import { readPath } from '../model/json.ts'
import { distrustIdentity, noteIdentities } from './whatsapp-identity.ts'

interface Hearer {
  id: string
  workspaceId: string
}
/** A message that came in, with the rows it belongs to. */
interface HeardMessage {
  waId: string | undefined
  bsuid: string | undefined
  identityHash: string | undefined
  raw: unknown
  atMs: number | undefined
  receivedAtMs: number
  contactId: string
  factId: string
}

/** Numbers with the identity check on are told the sender's hash with every message, and by a notice when it changed. */
export async function hearIdentities(em: Em, number: Hearer, messages: HeardMessage[]): Promise<void> {
  const told = messages.flatMap((message) => {
    const { waId, bsuid, atMs, receivedAtMs, contactId, factId: causeId } = message
    const address = waId ?? bsuid
    const hash = message.identityHash ?? hashOfNotice(message.raw)
    return hash && address
      ? [{ address, hash, atMs: Math.min(atMs ?? receivedAtMs, receivedAtMs), contactId, causeId }]
      : []
  })
  await noteIdentities(em, number, told)
}

/** `customer_identity_changed` says the new hash in one of two places. */
function hashOfNotice(raw: unknown): string | undefined {
  const told = [readPath(raw, 'identity.hash'), readPath(raw, 'system.identity')]
  return told.find((hash) => typeof hash === 'string' && hash !== '') as string | undefined
}

/** The hash that was sent along is not the recipient's any more. */
const mismatch = '137000'

/** Statuses tell the recipient's hash too, and that a message was refused because of it. */
export async function hearIdentitiesOfStatuses(
  em: Em,
  number: Hearer,
  statuses: InboundStatus[],
): Promise<void> {
  const relevant = statuses.filter((each) => each.identityHash || each.error?.code === mismatch)
  if (relevant.length === 0) return
  const found = await em.execute<{ wamid: string; contact_id: string; fact_id: string }[]>(
    `select m.wamid, m.contact_id, m.fact_id from messages m where m.number_id = ?
       and m.wamid in (select jsonb_array_elements_text(?::jsonb))`,
    [number.id, JSON.stringify(relevant.map(({ wamid }) => wamid))],
  )
  const byWamid = new Map(found.map((row) => [row.wamid, row]))
  await em.transactional(async (tx) => {
    for (const { wamid, address, identityHash, error, atMs = Date.now() } of relevant) {
      const message = byWamid.get(wamid)
      if (!message || !address) continue
      const about = {
        address,
        atMs: Math.min(atMs, Date.now()),
        contactId: message.contact_id,
        causeId: message.fact_id,
      }
      if (error?.code === mismatch) await distrustIdentity(tx, number, about)
      else if (identityHash) await noteIdentities(tx, number, [{ ...about, hash: identityHash }])
    }
  })
}
