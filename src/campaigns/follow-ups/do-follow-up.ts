import { recordFacts } from '../../analytics/facts.ts'
import { lockContacts } from '../../contacts/lock-contact.ts'
import { applyTags } from '../../contacts/set-tags.ts'
import { derivedId } from '../../db/columns.ts'
import type { Em } from '../../db/orm.ts'
import type { Deps } from '../../deps.ts'
import { findStartable } from '../../journeys/evaluate-triggers.ts'
import { startRun } from '../../journeys/start-run.ts'
import type { FollowUp } from '../../model/campaign-definition.ts'
import { AppError } from '../../model/errors.ts'
import type { OutboxRow } from '../../outbox/outbox.ts'
import { changeMembers } from '../../segments/change-members.ts'
import type { RunRow } from '../find-runs.ts'
import { triggerIn } from '../trigger-campaign.ts'
import type { DuePerson } from './find-due.ts'

/** What became of a follow-up for one person. */
interface Outcome {
  outcome: 'done' | 'refused'
  reason?: string
}
interface Followed {
  outbox: OutboxRow[]
  /** Of those who are not in it it was done. */
  refused: Map<string, string>
}
type Doing = { run: RunRow; followUp: FollowUp; people: DuePerson[]; factOf: (contactId: string) => string }

/**
 * Does a follow-up for these people and writes down that it was done, in the caller's transaction: both are there or neither
 * is. Its row keeps it from being done to anybody twice.
 */
export async function doFollowUp(
  em: Em,
  deps: Pick<Deps, 'config'>,
  { run, followUp, people: found }: Omit<Doing, 'factOf'>,
): Promise<OutboxRow[]> {
  const { workspaceId, id: runId } = run
  const factOf = (contactId: string) => derivedId(runId, followUp.id, contactId)
  const claimed = await em.execute<{ contact_id: string }[]>(
    `insert into campaign_follow_ups (run_id, follow_up, contact_id, workspace_id, outcome, fact_id)
     select ?, ?, n.contact_id, ?, 'done', n.fact_id from jsonb_to_recordset(?::jsonb) as n(contact_id uuid, fact_id uuid)
     order by n.contact_id on conflict do nothing returning contact_id`,
    [
      ...[runId, followUp.id, workspaceId],
      JSON.stringify(found.map(({ contactId }) => ({ contact_id: contactId, fact_id: factOf(contactId) }))),
    ],
  )
  const own = new Set(claimed.map((row) => row.contact_id))
  const people = found.filter(({ contactId }) => own.has(contactId))
  if (people.length === 0) return []
  const { outbox, refused } = await act(em, deps, { run, followUp, people, factOf })
  if (refused.size > 0)
    await em.execute(
      `update campaign_follow_ups f set outcome = 'refused', reason = n.reason
       from jsonb_to_recordset(?::jsonb) as n(contact_id uuid, reason text)
       where f.run_id = ? and f.follow_up = ? and f.contact_id = n.contact_id and f.workspace_id = ?`,
      [
        JSON.stringify([...refused].map(([contact_id, reason]) => ({ contact_id, reason }))),
        ...[runId, followUp.id, workspaceId],
      ],
    )
  const outcomeOf = (contactId: string): Outcome => {
    const reason = refused.get(contactId)
    return reason === undefined ? { outcome: 'done' } : { outcome: 'refused', reason }
  }
  await recordFacts(
    em,
    workspaceId,
    people.map(({ contactId, messageId }) => ({
      ...{
        id: factOf(contactId),
        atMs: Date.now(),
        kind: 'campaign.followed-up',
        contactId,
        causeId: run.factId,
      },
      data: {
        ...{ campaign: run.campaignId, name: run.name, run: runId, message: messageId, on: followUp.on },
        ...{ followUp: followUp.id, action: followUp.action.kind, ...outcomeOf(contactId) },
      },
    })),
  )
  return outbox
}

async function act(em: Em, deps: Pick<Deps, 'config'>, doing: Doing): Promise<Followed> {
  const { action } = doing.followUp
  switch (action.kind) {
    case 'journey':
      return startJourneys(em, doing, action.journeyId)
    case 'tag':
      return tagThem(em, doing, action.tag)
    case 'segment':
      return subscribe(em, doing, action.segmentId)
    case 'campaign':
      return retarget(em, deps, doing, action.campaignId)
  }
}

async function startJourneys(em: Em, doing: Doing, journeyId: string): Promise<Followed> {
  const { run, followUp, people, factOf } = doing
  const { workspaceId } = run
  const journey = await findStartable(em, workspaceId, journeyId)
  if (!journey) return refuseAll(doing, 'the journey is not published any more')
  const outbox: OutboxRow[] = []
  const refused = new Map<string, string>()
  for (const { contactId } of people) {
    const entry = `campaign:${run.id}:${followUp.id}`
    const vars = { campaign: { id: run.campaignId, name: run.name, run: run.number } }
    const start = { workspaceId, journey, contactId, entry, causeId: factOf(contactId), vars }
    const result = await startRun(em, start)
    if (result.started) outbox.push(...result.outbox)
    else refused.set(contactId, result.reason)
  }
  return { outbox, refused }
}

async function tagThem(em: Em, { run, people }: Doing, tag: string): Promise<Followed> {
  const { workspaceId, factId: causeId } = run
  const contacts = await lockContacts(
    em,
    workspaceId,
    people.map(({ contactId }) => contactId),
  )
  const decide = (before: string[]) => [...before, tag]
  const tagged = await applyTags(em, { workspaceId, contacts, decide, by: 'campaign', causeId })
  return {
    outbox: tagged.outbox,
    refused: new Map(tagged.refused.map((id) => [id, 'the contact has as many tags as it may'])),
  }
}

async function subscribe(em: Em, doing: Doing, segmentId: string): Promise<Followed> {
  const { run, people, factOf } = doing
  const [segment] = await em.execute<{ id: string; name: string }[]>(
    `select id, name from segments where workspace_id = ? and id = ? and kind = 'static' and deleted_at is null`,
    [run.workspaceId, segmentId],
  )
  if (!segment) return refuseAll(doing, 'the segment is not there any more')
  const entered = people.map(({ contactId }) => ({ contactId, causeId: factOf(contactId) }))
  const outbox = await changeMembers(em, run.workspaceId, segment, { entered, left: [] }, 'campaign')
  return { outbox, refused: new Map() }
}

async function retarget(
  em: Em,
  deps: Pick<Deps, 'config'>,
  doing: Doing,
  campaignId: string,
): Promise<Followed> {
  const { run, people } = doing
  if (await hasLedTo(em, run, campaignId)) return refuseAll(doing, 'this run has come of that campaign')
  const recipients = people.map(({ contactId }) => ({ contactId }))
  const order = { workspaceId: run.workspaceId, campaignId, recipients, by: 'campaign', causeId: run.factId }
  try {
    const { outbox } = await triggerIn(em, deps, order)
    return { outbox, refused: new Map() }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return refuseAll(doing, error.message)
  }
}

/** Campaigns that follow each other in a circle would write to the same people for ever. */
async function hasLedTo(em: Em, { workspaceId, id }: RunRow, campaignId: string): Promise<boolean> {
  const rows = await em.execute<object[]>(
    `with recursive chain as (
       select campaign_id, cause_id from campaign_runs where workspace_id = ? and id = ?
       union
       select r.campaign_id, r.cause_id from chain c join campaign_runs r on r.workspace_id = ? and r.fact_id = c.cause_id)
     select 1 from chain where campaign_id = ? limit 1`,
    [workspaceId, id, workspaceId, campaignId],
  )
  return rows.length > 0
}

function refuseAll({ people }: Doing, reason: string): Followed {
  return { outbox: [], refused: new Map(people.map(({ contactId }) => [contactId, reason])) }
}
