import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { createCampaign } from '../../src/campaigns/save-campaign.ts'
import { steerCampaign } from '../../src/campaigns/steer-campaign.ts'
import { newId } from '../../src/db/columns.ts'
import { trackEvent } from '../../src/events/track-event.ts'
import { listJourneys } from '../../src/journeys/list-journeys.ts'
import { publicLink } from '../../src/kit/signed-id.ts'
import { followLink } from '../../src/links/follow-link.ts'
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
  await line.addTemplate({ name: 'welcome', body: 'Welcome {{1}} to our shop.' })
  await line.addTemplate({ name: 'second', body: 'Have you seen our sale?' })
  await line.addTemplate({ name: 'third', body: 'The last day of our sale.' })
  await line.addTemplate({
    name: 'linked',
    body: 'Look at our sale.',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Yes' },
      { type: 'URL', text: 'Look', url, example: [url.replace('{{1}}', 'abc')] },
    ],
  })
  for (const name of ['signed_up', 'bought', 'cart_left'])
    await house.rows('insert into event_types (id, workspace_id, name) values ($1, $2, $3)', [
      ...[newId(), house.workspaceId, name],
    ])
}, 60_000)

const message = (name: string, values: object = {}) => ({ kind: 'template', name, values })
const seconds = (amount: number) => ({ amount, unit: 'seconds' })

async function launch(kind: 'triggered' | 'drip', definition: object) {
  const { deps, workspaceId, numberId } = house
  const draft = JSON.parse(JSON.stringify(definition))
  const made = { workspaceId, numberId, name: `A ${kind}`, kind, draft, by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, made)
  const { run, campaign } = await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  expect({ run: run?.state, campaign: campaign.state }).toEqual({ run: 'sending', campaign: 'active' })
  return { campaignId, runId: run?.id ?? '' }
}
const happen = (contactId: string, type: string) =>
  trackEvent(house.deps, {
    ...{ workspaceId: house.workspaceId, contactId, type, attributes: {}, atMs: Date.now() },
  })
const sentOf = async (runId: string) =>
  house.rows<{ id: string; contact_id: string; variant: string; name: string }>(
    `select id, contact_id, variant, content #>> '{template,name}' as name from messages
     where campaign_run_id = $1 and campaign_id is not null and state = 'accepted' order by created_at, id`,
    [runId],
  )

test('a drip goes step by step, passes over what does not fit, and ends for who answers or reaches the goal', async () => {
  const first = 4_917_050_000_000
  const [patient, answering, buying] = await line.addPeople(3, first)
  const step = (id: string, name: string, more: object = {}) => ({
    ...{ delay: seconds(4), variant: { id, message: message(name) } },
    ...more,
  })
  const never = { kind: 'tag', tag: 'never' }
  const { runId, campaignId } = await launch('drip', {
    trigger: { type: 'custom-event', event: 'signed_up' },
    variants: [
      { id: 'hello', message: message('welcome', { body: { 1: '{{contact.first_name}} {{given.who}}' } }) },
    ],
    given: { who: 'of ours' },
    steps: [step('skipped', 'second', { condition: never }), step('more', 'second'), step('last', 'third')],
    exitOn: { reply: true, goal: 'bought' },
  })
  for (const id of [patient, answering, buying]) await happen(id ?? '', 'signed_up')
  await eventually(async () => expect(await sentOf(runId)).toHaveLength(3), { timeoutMs: 30_000 })
  await house.text(String(first + 1), 'I have a question')
  await happen(buying ?? '', 'bought')
  await eventually(
    async () => {
      const ended = await house.rows(
        `select r.id from runs r join campaigns c on c.journey_id = r.journey_id where c.id = $1 and r.ended_at is not null`,
        [campaignId],
      )
      expect(ended).toHaveLength(3)
    },
    { timeoutMs: 60_000 },
  )
  const sent = await sentOf(runId)
  const gotBy = (id: string | undefined) =>
    sent.filter((each) => each.contact_id === id).map(({ variant }) => variant)
  expect([gotBy(patient), gotBy(answering), gotBy(buying)]).toEqual([
    ['hello', 'more', 'last'],
    ['hello'],
    ['hello'],
  ])
  const [hello] = await house.ledger(String(first))
  expect(JSON.stringify(hello?.payload)).toContain('Ann of ours')
  const { deps, workspaceId } = house
  const listed = await listJourneys(deps, { workspaceId, sort: 'created', order: 'desc', limit: 50 })
  expect(listed.map(({ name }) => name)).not.toContain('A drip')
}, 120_000)

test('a triggered campaign is paused, goes on and ends; its link is counted; whoever is held out gets nothing', async () => {
  const first = 4_917_051_000_000
  const people = await line.addPeople(40, first)
  const order = { workspaceId: house.workspaceId, by: 'test' }
  const { runId, campaignId } = await launch('triggered', {
    trigger: { type: 'custom-event', event: 'cart_left' },
    variants: [{ id: 'a', message: message('linked') }],
    buttons: [{ type: 'url', index: 1, url: 'https://shop.example/cart/{{contact.id}}' }],
    holdOut: 0.5,
  })
  await Promise.all(people.map((id) => happen(id, 'cart_left')))
  const entered = () =>
    house.rows<{ state: string }>(
      'select r.state from runs r join campaigns c on c.journey_id = r.journey_id where c.id = $1',
      [campaignId],
    )
  await eventually(
    async () => {
      const states = (await entered()).map(({ state }) => state)
      expect(states).toEqual(Array(40).fill('completed'))
    },
    { timeoutMs: 60_000 },
  )
  const sent = await sentOf(runId)
  expect(sent.length).toBeGreaterThan(5)
  expect(sent.length).toBeLessThan(35)
  const [one] = sent
  const phone = String(first + people.indexOf(one?.contact_id ?? ''))
  const [posted] = await house.ledger(phone)
  const payload = posted?.payload as unknown as
    | { template: { components: { sub_type?: string; parameters: { text: string }[] }[] } }
    | undefined
  const token =
    payload?.template.components.find(({ sub_type }) => sub_type === 'url')?.parameters[0]?.text ?? ''
  const visitor = { method: 'GET', userAgent: 'Mozilla/5.0', purpose: '' }
  expect(await followLink(house.deps, token, visitor)).toBe(`https://shop.example/cart/${one?.contact_id}`)

  expect(await steerCampaign(house.deps, { ...order, campaignId }, 'pause')).toMatchObject({
    state: 'paused',
  })
  await Promise.all(people.map((id) => happen(id, 'cart_left')))
  expect(await entered()).toHaveLength(40)
  expect(await steerCampaign(house.deps, { ...order, campaignId }, 'resume')).toMatchObject({
    state: 'active',
  })
  await eventually(async () => expect(await entered()).toHaveLength(80), { timeoutMs: 60_000 })
  expect(await steerCampaign(house.deps, { ...order, campaignId }, 'end')).toMatchObject({ state: 'ended' })
  await happen(people[0] ?? '', 'cart_left')
  expect(await entered()).toHaveLength(80)
  const [run] = await house.rows('select state from campaign_runs where id = $1', [runId])
  expect(run).toEqual({ state: 'completed' })
}, 180_000)
