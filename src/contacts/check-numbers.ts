import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { toWaId } from '../model/phone.ts'
import { checkContact } from './check-contact.ts'

export interface NumberCheck {
  input: string
  /** Of those that are on WhatsApp. */
  waId: string | undefined
  /** `unknown`: WhatsApp has told nothing of it yet. */
  status: 'valid' | 'invalid' | 'unknown'
}

/** What was found out once holds so long. */
const freshDays = 7

/**
 * Which of many phone numbers are on WhatsApp. What is no number with a country code is invalid.
 * @param force asks anew, however fresh the last answer is
 */
export async function checkNumbers(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, inputs, force }: { workspaceId: string; inputs: string[]; force: boolean },
): Promise<NumberCheck[]> {
  const asked = inputs.map((input) => ({ input, waId: toWaId(input) }))
  const ids = [...new Set(asked.flatMap(({ waId }) => waId ?? []))].sort()
  const known = force ? new Map<string, Known>() : await findKnown(deps, workspaceId, ids)
  const found: [string, Known | 'unknown'][] = [...known]
  for (const waId of ids.filter((id) => !known.has(id))) {
    found.push([waId, (await checkContact(deps, { workspaceId, phone: waId })).status])
  }
  await keep(
    deps,
    workspaceId,
    found.filter(([waId]) => !known.has(waId)),
  )
  const byId = new Map(found)
  return asked.map(({ input, waId }) => {
    const status = waId ? (byId.get(waId) ?? 'unknown') : 'invalid'
    return { input, waId: status === 'valid' ? (waId ?? undefined) : undefined, status }
  })
}

type Known = 'valid' | 'invalid'

async function findKnown(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  ids: string[],
): Promise<Map<string, Known>> {
  const rows = await forkFor(orm, workspaceId).execute<{ waId: string; status: Known }[]>(
    `select wa_id as "waId", status from contact_checks where workspace_id = ?
       and wa_id in (select jsonb_array_elements_text(?::jsonb)) and checked_at > now() - interval '${freshDays} days'`,
    [workspaceId, JSON.stringify(ids)],
  )
  return new Map(rows.map(({ waId, status }) => [waId, status]))
}

/** Of what is not known nothing is kept: it may be known in a moment. */
async function keep(
  { orm }: Pick<Deps, 'orm'>,
  workspaceId: string,
  found: [string, Known | 'unknown'][],
): Promise<void> {
  const settled = found
    .filter(([, status]) => status !== 'unknown')
    .map(([wa_id, status]) => ({ wa_id, status }))
  if (settled.length === 0) return
  await forkFor(orm, workspaceId).execute(
    `insert into contact_checks (workspace_id, wa_id, status)
     select ?, n.wa_id, n.status from jsonb_to_recordset(?::jsonb) as n(wa_id text, status text)
     on conflict (workspace_id, wa_id) do update set status = excluded.status, checked_at = now()`,
    [workspaceId, JSON.stringify(settled)],
  )
}
