import { contactName, contactPhone } from '../../contacts/contact-names.ts'
import { isoTime } from '../../db/iso-time.ts'
import type { Em } from '../../db/orm.ts'
import type { FollowUp } from '../../model/campaign-definition.ts'

export const followUpOutcomes = ['done', 'refused'] as const

/** What became of a follow-up for one person. */
export interface FollowedUp {
  followUp: string
  /** As the run was launched with them. */
  on: FollowUp['on']
  action: FollowUp['action']['kind']
  contactId: string
  name: string | null
  phone: string | null
  outcome: (typeof followUpOutcomes)[number]
  reason: string | null
  at: string
}

/** A page of what followed from a run, one follow-up after the other. */
export async function listFollowUps(
  em: Em,
  asked: {
    workspaceId: string
    runId: string
    followUp?: string | undefined
    outcome?: FollowedUp['outcome'] | undefined
    after?: { followUp: string; contactId: string } | undefined
    limit: number
  },
): Promise<FollowedUp[]> {
  const { workspaceId, runId, followUp = null, outcome = null, after, limit } = asked
  return em.execute<FollowedUp[]>(
    `select f.follow_up as "followUp", d.value ->> 'on' as "on", d.value #>> '{action,kind}' as action, f.contact_id as "contactId",
       ${contactName} as name, ${contactPhone} as phone,
       f.outcome, f.reason, ${isoTime('f.at')} as at
     from campaign_follow_ups f join campaign_runs r on r.id = f.run_id
     join jsonb_array_elements(r.definition -> 'followUps') as d(value) on d.value ->> 'id' = f.follow_up
     left join contacts c on c.id = f.contact_id
     where f.workspace_id = ? and f.run_id = ? and (?::text is null or f.follow_up = ?) and (?::text is null or f.outcome = ?)
       and (f.follow_up, f.contact_id) > (?::text, ?::uuid)
     order by f.follow_up, f.contact_id limit ?`,
    [
      ...[workspaceId, runId, followUp, followUp, outcome, outcome],
      ...[after?.followUp ?? '', after?.contactId ?? '00000000-0000-0000-0000-000000000000', limit],
    ],
  )
}
