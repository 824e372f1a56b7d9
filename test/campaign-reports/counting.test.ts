import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { rebuildRun } from '../../src/campaign-reports/rebuild-run.ts'
import { forkFor } from '../../src/db/orm.ts'
import { receiveStatuses } from '../../src/inbox/receive-statuses.ts'
import { countReactions } from '../../src/reports/count-reactions.ts'
import { foldDeltas } from '../../src/reports/fold-deltas.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'
import { accessOf, addCampaign, addMessages, addRecipients, changeMessages } from './campaign-rows.ts'

let rig: WorkspaceApi
let numberId: string

beforeAll(async () => {
  rig = await openWorkspaceApi([])
  numberId = await rig.addNumber()
})
afterAll(() => rig.close())

/** Of all time, and as the sum of the minutes, which must be the same. */
async function countsOf(runId: string) {
  const read = (which: string) =>
    rig.rows(
      `select metric, variant, detail, sum(n)::int as n from campaign_counts where run_id = $1 and ${which}
       group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3`,
      [runId],
    )
  const whole = await read(`at = '-infinity'`)
  expect(await read(`at > '-infinity'`)).toEqual(whole)
  return whole
}

const truthSql = `
select metric, coalesce(variant, '') as variant, detail, n::int from (
  select 'sent' as metric, variant, '' as detail, count(accepted_at) as n from messages m where campaign_run_id = $1 group by 2
  union all select 'accepted', variant, '', count(*) filter (where state = 'accepted') from messages where campaign_run_id = $1
    group by 2
  union all select 'planned', variant, '', count(*) filter (where state in ('planned', 'inflight')) from messages
    where campaign_run_id = $1 group by 2
  union all select 'unknown', variant, '', count(*) filter (where state = 'unknown') from messages where campaign_run_id = $1
    group by 2
  union all select 'delivered', variant, '', count(coalesce(delivered_at, read_at)) from messages where campaign_run_id = $1 group by 2
  union all select 'read', variant, '', count(read_at) from messages where campaign_run_id = $1 group by 2
  union all select 'clicked', variant, '', count(clicked_at) from messages where campaign_run_id = $1 group by 2
  union all select 'replied', variant, '', count(replied_at) from messages where campaign_run_id = $1 group by 2
  union all select 'cost', variant, '', sum(cost_micros) filter (where accepted_at is not null) from messages
    where campaign_run_id = $1 group by 2
  union all select 'failed', variant, coalesce(reason_code, 'unknown'), count(*) from messages
    where campaign_run_id = $1 and state = 'failed' group by 2, 3
  union all select 'refused', variant, coalesce(reason_code, 'unknown'), count(*) from messages
    where campaign_run_id = $1 and state = 'failed' and accepted_at is null group by 2, 3
  union all select 'skipped', variant, coalesce(reason_code, 'unknown'), count(*) from messages
    where campaign_run_id = $1 and state = 'skipped' group by 2, 3
  union all select case when skipped is null then 'intended' else 'left-out' end, variant, coalesce(skipped, ''), count(*)
    from campaign_recipients where run_id = $1 group by 1, 2, 3) as t
where n <> 0 order by 1, 2, 3`

/** What the engine, WhatsApp and customers do to a message, in whatever order. */
const writeBacks = {
  accept: `state = 'accepted', accepted_at = coalesce(accepted_at, now()), cost_micros = 62500`,
  fail: `state = 'failed', reason_code = '132000', failed_at = now()`,
  failOtherwise: `state = 'failed', reason_code = 'odd|code', failed_at = now()`,
  skip: `state = 'skipped', reason_code = 'opted_out'`,
  putOff: `state = 'planned', due_at = now() + interval '1 day'`,
  doubt: `state = 'unknown'`,
  tryAgain: `state = 'inflight', inflight_at = now(), status = null, failed_at = null, attempt = attempt + 1`,
}
const happening = fc.record({
  of: fc.nat({ max: 4 }),
  what: fc.constantFrom(
    ...(Object.keys(writeBacks) as (keyof typeof writeBacks)[]),
    ...(['sent', 'delivered', 'read', 'failed', 'clicked', 'replied'] as const),
  ),
  times: fc.integer({ min: 1, max: 2 }),
})
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

async function happen(ids: string[], { of, what, times }: Happening): Promise<void> {
  const id = ids[of] ?? ''
  const { workspaceId } = rig.ours
  const em = forkFor(rig.deps.orm, workspaceId)
  for (let at = 0; at < times; at++) {
    if (what in writeBacks) await changeMessages(rig, [id], writeBacks[what as keyof typeof writeBacks])
    else if (what === 'clicked' || what === 'replied')
      await countReactions(em, { workspaceId, numberId }, [
        { messageId: id, clicked: what === 'clicked', replied: what === 'replied' },
      ])
    else
      await receiveStatuses(em, accessOf(rig, numberId), [
        {
          ...{
            wamid: `wamid.${id}`,
            status: what,
            participant: '',
            address: undefined,
            identityHash: undefined,
          },
          ...{ atMs: Date.now() - 3_600_000 * of, callbackData: id, raw: {} },
          error: what === 'failed' ? { code: '131049', reason: 'Held back' } : undefined,
        },
      ])
  }
}

const seed = randomInt(2 ** 31)

test(`a campaign counts as its rows say, in whatever order things are told (fast-check seed ${seed})`, async () => {
  const courses = fc.sample(fc.array(happening, { minLength: 10, maxLength: 40 }), { numRuns: 8, seed })
  for (const course of courses) {
    const campaign = await addCampaign(rig, numberId)
    const contacts = await addRecipients(rig, campaign, [
      ...[{}, { variant: 'b' }, { variant: null }, {}, { variant: 'b' }],
      ...[{ skipped: 'opted_out' }, { skipped: 'hold_out' }, { skipped: 'opted_out' }],
    ])
    const ids = await addMessages(rig, campaign, contacts.slice(0, 5))
    const lane = async (part: Happening[]) => {
      for (const each of part) await happen(ids, each)
    }
    const [first, second] = [course.filter((_, at) => at % 2 === 0), course.filter((_, at) => at % 2 === 1)]
    await Promise.all([lane(first), lane(second), foldDeltas(rig.deps)])
    const truth = await rig.rows(truthSql, [campaign.runId])
    expect(await countsOf(campaign.runId)).toEqual(truth)
    await foldDeltas(rig.deps)
    expect(await countsOf(campaign.runId)).toEqual(truth)
    await rebuildRun(rig.deps, { workspaceId: rig.ours.workspaceId, runId: campaign.runId })
    expect(await countsOf(campaign.runId)).toEqual(truth)
    expect(await rig.rows('select 1 from campaign_deltas where run_id = $1', [campaign.runId])).toEqual([])
  }
}, 120_000)
