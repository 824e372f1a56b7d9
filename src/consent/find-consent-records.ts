import { contactName, contactPhone } from '../contacts/contact-names.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { ConsentCategory, ConsentState } from '../model/consent.ts'
import { AppError } from '../model/errors.ts'

/** One statement, as proof: who said what, when, how we know, and by which message. */
export interface ConsentRecord {
  id: string
  contactId: string
  contactName: string | null
  /** The person's WhatsApp number as it is now. */
  waId: string | null
  category: ConsentCategory
  state: ConsentState
  changed: boolean
  source: string
  text: string | null
  at: string
  recordedAt: string
  by: string
  message: {
    id: string
    wamid: string | null
    direction: 'in' | 'out'
    text: string
    word: string | null
    rule: string | null
  } | null
}

const recordSql = `select l.id, l.seq::text, l.contact_id as "contactId",
  ${contactName} as "contactName",
  ${contactPhone} as "waId",
  l.category, l.state, l.changed, l.source, l.text, ${isoTime('l.at')} as at, ${isoTime('l.recorded_at')} as "recordedAt", l.by,
  case when m.id is not null then jsonb_build_object('id', m.id, 'wamid', m.wamid, 'direction', m.direction,
    'text', m.text, 'word', w.word, 'rule', w.rule) end as message
  from consent_log l join contacts o on o.id = l.contact_id join contacts c on c.id = coalesce(o.merged_into, o.id)
  left join messages m on m.id = l.message_id left join consent_messages w on w.message_id = l.message_id`

interface RecordFilter {
  contactId?: string | undefined
  category?: ConsentCategory | undefined
  state?: ConsentState | undefined
  source?: string | undefined
}

/** Newest first; of a contact with what was said by those who were merged into it. `seq` is the page's key. */
export async function listConsentRecords(
  deps: Pick<Deps, 'orm'>,
  input: RecordFilter & { workspaceId: string; before?: string | undefined; limit: number },
): Promise<(ConsentRecord & { seq: string })[]> {
  const { workspaceId, contactId, category, state, source, before, limit } = input
  const filters: [string, string | undefined][] = [
    ['l.seq < ?::bigint', before],
    ['l.contact_id in (select id from contacts where id = ? or merged_into = ?)', contactId],
    ['l.category = ?', category],
    ['l.state = ?', state],
    ['l.source = ?', source],
  ]
  const given = filters.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  return forkFor(deps.orm, workspaceId).execute(
    `${recordSql} where l.workspace_id = ? ${given.map(({ sql }) => `and ${sql}`).join(' ')} order by l.seq desc limit ?`,
    [
      workspaceId,
      ...given.flatMap(({ sql, value }) =>
        sql
          .split('?')
          .slice(1)
          .map(() => value),
      ),
      limit,
    ],
  )
}

export async function getConsentRecord(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  id: string,
): Promise<ConsentRecord> {
  const [record] = await forkFor(deps.orm, workspaceId).execute<ConsentRecord[]>(
    `${recordSql} where l.workspace_id = ? and l.id = ?`,
    [workspaceId, id],
  )
  if (!record) throw new AppError('not_found', `there is no consent record ${id}`)
  return record
}
