import { readPublicKey, uploadPublicKey } from '../../integrations/whatsapp/flows.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import { idsAmong } from '../db/uuids.ts'
import type { Deps } from '../deps.ts'
import { accessOf, workspaceNumber } from './flow-access.ts'
import { generateFlowKeys } from './flow-crypto.ts'

type KeyDeps = Pick<Deps, 'orm' | 'seal' | 'config'>

export interface FlowKey {
  id: string
  publicKey: string
  uploadedAt: string | null
  retiredAt: string | null
  createdAt: string
}

/** Phones keep a public key for a while: what they encrypt under an old one is understood for this long. */
const graceDays = 14

const keySql = `select id, public_key as "publicKey", ${isoTime('uploaded_at')} as "uploadedAt",
  ${isoTime('retired_at')} as "retiredAt", ${isoTime('created_at')} as "createdAt" from flow_keys`

/**
 * Makes a new key pair for a number and gives WhatsApp the public half. The private half is stored first, sealed: whatever
 * becomes of the upload's answer, nothing can come in that nobody can read.
 */
export async function rotateFlowKey(
  deps: KeyDeps,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
): Promise<FlowKey> {
  const number = await workspaceNumber(deps, workspaceId, numberId)
  const { publicKey, privateKey } = await generateFlowKeys()
  const em = forkFor(deps.orm, workspaceId)
  const id = newId()
  await em.execute(
    `insert into flow_keys (id, workspace_id, number_id, public_key, sealed_private_key) values (?, ?, ?, ?, ?)`,
    [id, workspaceId, numberId, publicKey, deps.seal.seal(privateKey)],
  )
  await uploadPublicKey(accessOf(deps, number), number.phoneNumberId, publicKey)
  await em.transactional(async (tx) => {
    await tx.execute('update flow_keys set uploaded_at = now() where id = ?', [id])
    await tx.execute(
      'update flow_keys set retired_at = now() where number_id = ? and id < ? and retired_at is null',
      [numberId, id],
    )
    await tx.execute(
      `delete from flow_keys where number_id = ? and retired_at < now() - interval '${graceDays} days'`,
      [numberId],
    )
  })
  const [key] = await em.execute<FlowKey[]>(`${keySql} where id = ?`, [id])
  return key as FlowKey
}

/** A number's keys, newest first, and what WhatsApp says about the one that it holds. */
export async function showFlowKeys(
  deps: KeyDeps,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
): Promise<{ keys: FlowKey[]; whatsapp: { status: string | null; isOurs: boolean } }> {
  const number = await workspaceNumber(deps, workspaceId, numberId)
  const keys = await forkFor(deps.orm, workspaceId).execute<FlowKey[]>(
    `${keySql} where workspace_id = ? and number_id = ? order by id desc limit 20`,
    [workspaceId, numberId],
  )
  const held = await readPublicKey(accessOf(deps, number), number.phoneNumberId)
  const bare = (pem: string | undefined) => pem?.replace(/\s/g, '')
  const isOurs = held.publicKey !== undefined && bare(held.publicKey) === bare(keys[0]?.publicKey)
  return { keys, whatsapp: { status: held.status ?? null, isOurs } }
}

/** The private keys that may open what comes for these numbers, newest first. */
export async function openPrivateKeys(
  deps: Pick<Deps, 'orm' | 'seal'>,
  workspaceId: string,
  numberIds: string[],
): Promise<string[]> {
  const rows = await forkFor(deps.orm, workspaceId).execute<{ sealed: string }[]>(
    `select sealed_private_key as sealed from flow_keys
     where workspace_id = ? and number_id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and (retired_at is null or retired_at > now() - interval '${graceDays} days')
     order by id desc limit 20`,
    [workspaceId, idsAmong(numberIds)],
  )
  return rows.map(({ sealed }) => deps.seal.unseal(sealed).toString('utf8'))
}
