import { createCampaign } from '../../src/campaigns/save-campaign.ts'
import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { followUpRun } from '../../src/campaigns/follow-ups/follow-up-runs.ts'
import { newId } from '../../src/db/columns.ts'
import { publicLink } from '../../src/kit/signed-id.ts'
import { followLink } from '../../src/links/follow-link.ts'
import { tapPayload } from '../../src/model/campaign-tap.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine, type CampaignLine } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let line: CampaignLine
beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
  line = campaignLine(house)
  const url = `${publicLink(house.deps.config, '/l/')}{{1}}`
  await line.addTemplate({
    name: 'buttons',
    body: 'Our sale begins today.',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Tell me more' },
      { type: 'QUICK_REPLY', text: 'Start' },
      { type: 'URL', text: 'Look', url, example: [`${url.replace('{{1}}', 'abc')}`] },
    ],
  })
  await line.addTemplate({ name: 'plain', body: 'Our doors are open.' })
}, 60_000)

/** One card that does nothing, so that a run is there and over. */
const journey = (triggers: object[]) => ({
  start: 'tag',
  triggers,
  cards: { tag: { type: 'tag', settings: { tags: ['was here'] } } },
})

async function launch(definition: object) {
  const { deps, workspaceId, numberId } = house
  const draft = JSON.parse(JSON.stringify(definition))
  const made = { workspaceId, numberId, name: 'Spring sale', kind: 'one-time', draft, by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, made)
  const { run } = await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  if (!run) throw new Error('there is no run')
  await line.until({ id: run.id, campaignId, workflowId: run.workflowId }, 'completed')
  return { campaignId, runId: run.id }
}

const variants = [{ id: 'a', message: { kind: 'template', name: 'buttons' } }]
const plain = [{ id: 'a', message: { kind: 'template', name: 'plain' } }]
const within = { amount: 1, unit: 'seconds' }

test('taps, links and what follows from a message, each once', async () => {
  const first = 4_917_060_000_000
  const people = await line.addPeople(4, first)
  const [tapper, starter, looker, silent] = people
  const [word, started, followed] = [
    await house.publish(journey([{ type: 'user-utterance', keywords: ['MORE'] }]), 'By the word'),
    await house.publish(journey([]), 'By the button'),
    await house.publish(journey([]), 'After the click'),
  ]
  const segmentId = newId()
  await house.rows(
    `insert into segments (id, workspace_id, name, kind) values ($1, $2, 'Silent', 'static')`,
    [segmentId, house.workspaceId],
  )
  const { campaignId, runId } = await launch({
    audience: { include: [{ kind: 'contacts', contactIds: people }] },
    variants,
    buttons: [
      { type: 'input', index: 0, input: 'MORE' },
      { type: 'journey', index: 1, journeyId: started.journeyId },
      { type: 'url', index: 2, url: 'https://shop.example/{{contact.first_name}}?by={{given.by}}' },
    ],
    given: { by: 'sale' },
    followUps: [
      { id: 'told', on: 'replied', button: 0, action: { kind: 'tag', tag: 'told us' } },
      {
        id: 'clicked',
        on: 'clicked',
        within: { amount: 1, unit: 'hours' },
        action: { kind: 'journey', journeyId: followed.journeyId },
      },
      { id: 'silent', on: 'not-replied', within, action: { kind: 'segment', segmentId } },
    ],
  })
  const messages = await house.rows<{ id: string; contact_id: string; wamid: string }>(
    'select id, contact_id, wamid from messages where campaign_run_id = $1',
    [runId],
  )
  const messageOf = (contactId = '') => messages.find((each) => each.contact_id === contactId)
  const tap = (at: number, index: number, text: string) =>
    house.say(String(first + at), {
      ...{ type: 'button', button: { payload: tapPayload({ runId, index }), text } },
      context: { from: '15550001111', id: messageOf(people[at])?.wamid },
    })
  await tap(0, 0, 'Tell me more')
  await tap(1, 1, 'Start')

  const sent = (await house.ledger(String(first + 2)))[0]?.payload as unknown as {
    template: { components: { sub_type?: string; parameters: { text: string }[] }[] }
  }
  const token = sent.template.components.find(({ sub_type }) => sub_type === 'url')?.parameters[0]?.text ?? ''
  const visitor = { method: 'GET', userAgent: 'Mozilla/5.0', purpose: '' }
  for (let times = 0; times < 2; times++)
    expect(await followLink(house.deps, token, visitor)).toBe('https://shop.example/Ann?by=sale')

  const runsOf = (journeyId: string) =>
    house.rows<{ contact_id: string }>('select contact_id from runs where journey_id = $1', [journeyId])
  const followUps = () =>
    house.rows(
      'select follow_up, contact_id, outcome from campaign_follow_ups where run_id = $1 order by follow_up, contact_id',
      [runId],
    )
  const done = (follow_up: string, ids: (string | undefined)[]) =>
    ids
      .map((contact_id) => ({ follow_up, contact_id, outcome: 'done' }))
      .sort((a, b) => (`${a.contact_id}` < `${b.contact_id}` ? -1 : 1))
  await eventually(
    async () => {
      expect(await runsOf(word.journeyId)).toEqual([{ contact_id: tapper }])
      expect(await runsOf(started.journeyId)).toEqual([{ contact_id: starter }])
      expect(await followUps()).toEqual([
        ...done('clicked', [tapper, starter, looker]),
        ...done('silent', [looker, silent]),
        ...done('told', [tapper]),
      ])
      expect(new Set((await runsOf(followed.journeyId)).map((row) => row.contact_id))).toEqual(
        new Set([tapper, starter, looker]),
      )
    },
    { timeoutMs: 60_000 },
  )
  const [input] = await house.rows(
    `select g.name, v.contact_id, v.values ->> 'input' as input from variable_groups g join variable_values v on v.group_id = g.id
     where g.campaign_id = $1`,
    [campaignId],
  )
  expect(input).toEqual({ name: 'Spring sale', contact_id: tapper, input: 'MORE' })
  const members = await house.rows<{ contact_id: string }>(
    'select contact_id from segment_members where segment_id = $1',
    [segmentId],
  )
  expect(new Set(members.map((row) => row.contact_id))).toEqual(new Set([looker, silent]))

  // Looked at again and again, by several at once, nothing is done twice.
  const before = await followUps()
  await house.rows('update campaign_runs set follow_up_at = now() where id = $1', [runId])
  const looks = [1, 2, 3].map(() => followUpRun(house.deps, { workspaceId: house.workspaceId, runId }))
  expect(await Promise.all(looks)).toEqual([0, 0, 0])
  expect(await followUps()).toEqual(before)
}, 120_000)

test('those who did not read it get another campaign; what cannot be done says why', async () => {
  const people = await line.addPeople(3, 4_917_061_000_000)
  const { deps, workspaceId, numberId } = house
  await line.addTemplate({ name: 'again', body: 'Once more: our sale.' })
  const api = async (name: string) => {
    const draft = { variants: [{ id: 'a', message: { kind: 'template', name: 'again' } }] }
    return (await createCampaign(deps, { workspaceId, numberId, name, kind: 'api', draft, by: 'test' })).id
  }
  const [retarget, never] = [await api('Retarget'), await api('Never launched')]
  await launchCampaign(deps, { workspaceId, campaignId: retarget, by: 'test' })
  const { runId } = await launch({
    audience: { include: [{ kind: 'contacts', contactIds: people }] },
    variants: plain,
    followUps: [
      { id: 'again', on: 'not-read', within, action: { kind: 'campaign', campaignId: retarget } },
      { id: 'never', on: 'not-read', within, action: { kind: 'campaign', campaignId: never } },
    ],
  })
  await eventually(
    async () => {
      const outcomes = await house.rows(
        `select follow_up, outcome, reason, count(*)::int as n from campaign_follow_ups where run_id = $1 group by 1, 2, 3 order by 1`,
        [runId],
      )
      expect(outcomes).toEqual([
        { follow_up: 'again', outcome: 'done', reason: null, n: 3 },
        { follow_up: 'never', outcome: 'refused', reason: 'the campaign takes no calls: it is draft', n: 3 },
      ])
      const got = await house.rows<{ contact_id: string }>(
        `select contact_id from messages where campaign_id = $1 and state = 'accepted'`,
        [retarget],
      )
      expect(got.map((row) => row.contact_id).sort((a, b) => (a < b ? -1 : 1))).toEqual(people)
    },
    { timeoutMs: 60_000 },
  )
}, 120_000)

test('a run that was idle for long is looked at as soon as something happens or a time is over', async () => {
  const first = 4_917_063_000_000
  const people = await line.addPeople(2, first)
  const { runId } = await launch({
    audience: { include: [{ kind: 'contacts', contactIds: people }] },
    variants: plain,
    followUps: [
      { id: 'read', on: 'read', action: { kind: 'tag', tag: 'has read' } },
      {
        id: 'silent',
        on: 'not-replied',
        within: { amount: 1, unit: 'hours' },
        action: { kind: 'tag', tag: 'silent' },
      },
    ],
  })
  /** As after hours without anything: by itself the next look is minutes away. */
  const rest = async () => {
    await house.rows(
      `update campaign_runs set follow_up_idle = 40, follow_up_at = now() + interval '1 second', follow_up_seen = null where id = $1`,
      [runId],
    )
    await eventually(
      async () => {
        const [run] = await house.rows<{ far: boolean }>(
          `select follow_up_at > now() + interval '3 minutes' and follow_up_seen is not null as far from campaign_runs where id = $1`,
          [runId],
        )
        expect(run?.far).toBe(true)
      },
      { timeoutMs: 30_000 },
    )
  }
  const done = (follow_up: string) =>
    house.rows('select contact_id from campaign_follow_ups where run_id = $1 and follow_up = $2', [
      runId,
      follow_up,
    ])
  await rest()
  await house.read(String(first))
  await eventually(async () => expect(await done('read')).toEqual([{ contact_id: people[0] }]), {
    timeoutMs: 60_000,
  })
  await house.rows(
    `update messages set accepted_at = now() - interval '1 hour' + interval '20 seconds' where campaign_run_id = $1 and contact_id = $2`,
    [runId, people[1]],
  )
  await house.rows(`update campaign_runs set follow_up_idle = 40, follow_up_at = now() where id = $1`, [
    runId,
  ])
  await eventually(async () => expect(await done('silent')).toEqual([{ contact_id: people[1] }]), {
    timeoutMs: 90_000,
  })
}, 180_000)

test('the better message of a trial goes to everybody else', async () => {
  const first = 4_917_062_000_000
  const people = await line.addPeople(20, first)
  await line.addTemplate({ name: 'other', body: 'Come in, our doors are open.' })
  const { deps, workspaceId, numberId } = house
  const draft = {
    audience: { include: [{ kind: 'contacts', contactIds: people }] },
    variants: [...plain, { id: 'b', message: { kind: 'template', name: 'other' } }],
    winner: { by: 'read', share: 0.2, after: { amount: 8, unit: 'seconds' } },
  }
  const made = { workspaceId, numberId, name: 'Trial', kind: 'one-time', draft, by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, made)
  const { run } = await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  const sent = () =>
    house.rows<{ variant: string; value: string }>(
      `select m.variant, i.value from messages m join identities i using (contact_id)
       where m.campaign_run_id = $1 and m.state = 'accepted'`,
      [run?.id],
    )
  await eventually(async () => expect(await sent()).toHaveLength(4), { timeoutMs: 30_000 })
  for (const { variant, value } of await sent()) if (variant === 'b') await house.read(value)
  await line.until({ id: run?.id ?? '', campaignId, workflowId: '' }, 'completed', 90_000)
  const [chosen] = await house.rows('select winner from campaign_runs where id = $1', [run?.id])
  expect(chosen).toEqual({ winner: 'b' })
  const counts = Map.groupBy(await sent(), ({ variant }) => variant)
  expect([counts.get('a')?.length, counts.get('b')?.length]).toEqual([2, 18])
}, 150_000)

test('what somebody just writes within a day is the answer to the last message; later it is none', async () => {
  const first = 4_917_066_000_000
  const contactIds = await line.addPeople(3, first)
  const [writer = '', late = ''] = contactIds
  const audience = { include: [{ kind: 'contacts', contactIds }] }
  const { runId: older } = await launch({ audience, variants: plain })
  const { runId } = await launch({ audience, variants: plain })
  await house.rows(
    `update conversations set campaigned_at = now() - interval '25 hours' where contact_id = $1`,
    [late],
  )
  await house.say(String(first), { type: 'text', text: { body: 'How much is it?' } })
  await house.say(String(first), { type: 'text', text: { body: 'Hello?' } })
  await house.say(String(first + 1), { type: 'text', text: { body: 'Good morning' } })
  const replied = (id: string) =>
    house.rows('select contact_id from messages where campaign_run_id = $1 and replied_at is not null', [id])
  await eventually(async () => expect(await replied(runId)).toEqual([{ contact_id: writer }]))
  expect(await replied(older)).toEqual([])
  const [count] = await house.rows(
    `select sum(n)::int as n from campaign_counts where run_id = $1 and metric = 'replied' and at = '-infinity'`,
    [runId],
  )
  expect(count).toEqual({ n: 1 })
}, 90_000)
