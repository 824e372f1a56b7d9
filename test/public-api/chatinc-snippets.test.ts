import { eventually } from '../support/eventually.ts'
import { openChatinc, type ChatincRig } from './chatinc-rig.ts'
import { readSnippets, repairs, runCurl, runSnippet } from './chatinc-snippets.ts'

let rig: ChatincRig
const snippets = readSnippets()
const made: Record<string, string> = {}

beforeAll(async () => {
  rig = await openChatinc()
  const { id } = await rig.line.platform<{ id: string }>(201, 'POST', '/journeys', {
    ...{ numberId: rig.line.numberId, name: 'Mine' },
    draft: { start: 'say', triggers: [], cards: { say: { type: 'message', settings: { text: 'Welcome' } } } },
  })
  await rig.line.platform(201, 'POST', `/journeys/${id}/publish`, {})
  await rig.line.platform(200, 'PATCH', `/journeys/${id}`, { flowKey: 'myJourneyId' })
  await rig.post('/create/audience', {
    id: 'shoppers',
    name: 'Frequent Shoppers',
    contacts: [{ number: '491701900001' }],
  })
})
afterAll(() => rig.close())

/** What stands for something of the reader's own is that thing; the key among it. */
const own = (code: string, more: Record<string, string> = {}) =>
  Object.entries({ "'API_KEY'": `'${rig.key}'`, ...more }).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    code,
  )
const js = async (name: string, more: Record<string, string> = {}) => {
  const [logged] = await runSnippet(
    own(`${snippets.get('quick start')}\n${snippets.get(name)}`, more),
    rig.line.url,
  )
  return logged
}
const curl = async (name: string, more: Record<string, string> = {}, files: Record<string, string> = {}) => {
  const answer = await runCurl(own(snippets.get(`curl ${name}`) ?? '', more), {
    url: rig.line.url,
    key: rig.key,
    files,
  })
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.type.includes('json') ? (JSON.parse(answer.text) as unknown) : answer.text
}
const finished = (campaignId: string, runs: number) =>
  eventually(
    async () => {
      const states = (await rig.resultOf(campaignId)).runs.map(({ status }) => status)
      expect(states).toEqual(Array.from({ length: runs }, () => 'completed'))
    },
    { timeoutMs: 40_000 },
  )

test('what is repaired in them is all there is, and is there', () => {
  expect(repairs.map(({ of, why }) => `${of}: ${why}`)).toEqual([
    'createVariableGroup: a comma is missing between two properties',
    'curl /create/campaign: JSON has no comma after the last member',
  ])
  expect([...snippets.keys()]).toHaveLength(18)
  for (const { of, to } of repairs) expect(snippets.get(of)).toContain(to)
})

test('createVariableGroup', async () => {
  expect(await js('createVariableGroup')).toMatchObject({ status: 'success', id: 'myVariableGroupId' })
})

test('createAudience and addContactsToAudience', async () => {
  expect(await js('createAudience')).toMatchObject({
    id: 'myAudienceId',
    name: 'My Audience',
    contacts: 1,
    created: true,
  })
  expect(await js('addContactsToAudience')).toMatchObject({
    id: 'myAudienceId',
    contacts: 1,
    created: false,
    added: 0,
  })
})

test('the files', async () => {
  const people = 'number,first_name\n+4917099000001,Ann\n+4917099000002,Bob\n'
  const sheet = { 'Sheet1.csv': people }
  expect(await curl('/create/variable/group/from/file', {}, sheet)).toMatchObject({
    ...{ id: 'large_group_10k_2', fields: ['first_name'], audience: { id: '30k', contacts: 2 } },
  })
  expect(await curl('/create/audience/from/file', {}, sheet)).toMatchObject({ id: 'testos', contacts: 2 })
})

test('createCampaign, to an audience by its name, with a journey', async () => {
  const answer = (await js('createCampaign')) as { campaignId: string }
  expect(answer).toMatchObject({ status: 'success', run: { status: 'waiting' } })
  await rig.sentTo('491701900001')
  expect((await rig.resultOf(answer.campaignId))['buttons']).toMatchObject([
    { text: 'Button 1', type: 'journey' },
  ])
})

test('create/campaign by curl makes the template and nothing more', async () => {
  const answer = await curl('/create/campaign', { 'my-imageurl': `${rig.pictureUrl}/a.png` })
  expect(answer).toMatchObject({ status: 'success', run: null })
  made['campaign'] = (answer as { campaignId: string }).campaignId
  await rig.approved(made['campaign'])
  expect(await rig.resultOf(made['campaign'])).toMatchObject({
    message: 'My message {}',
    title: 'campaign title',
  })
})

test('runCampaign to all, and again by curl on create/campaign', async () => {
  const campaignId = made['campaign'] ?? ''
  expect(await js('runCampaign', { myCampaignId: campaignId })).toMatchObject({ run: { status: 'started' } })
  await finished(campaignId, 1)
  const { totalSent } = await rig.resultOf(campaignId)
  expect(totalSent).toBe(4)
  expect(await curl('/create/campaign 2', { myCampaignId: campaignId })).toMatchObject({
    run: { status: 'started' },
  })
  await finished(campaignId, 2)
  expect(await rig.resultOf(campaignId)).toMatchObject({ totalSent: 8 })
})

test('what is retrieved', async () => {
  const groups = [
    expect.objectContaining({ name: 'My Variable Group', fields: ['first_name', 'last_name'] }),
    expect.objectContaining({ name: 'large_group_10k_2', fields: ['first_name'] }),
  ]
  expect(await js('retrieveVariableGroups')).toEqual(expect.arrayContaining(groups))
  expect(await curl('/retrieve/variable/groups')).toEqual(expect.arrayContaining(groups))
  const audiences = ['shoppers', 'myAudienceId', '30k', 'testos'].map(
    (id) => expect.objectContaining({ id }) as object,
  )
  expect(await js('retrieveAudiences')).toEqual(expect.arrayContaining(audiences))
  expect(await js('retrieveAudienceCotacts')).toEqual([{ number: '1234567890', name: null }])
  const entry = {
    status: 'success',
    campaigns: expect.objectContaining({
      campaignId: made['campaign'],
      whatsAppTemplatesStatus: 'APPROVED',
      locale: 'en_US',
    }),
  }
  expect(await js('retrieveCampaigns')).toContainEqual(entry)
  expect(await curl('/retrieve/campaigns')).toContainEqual(entry)
  const rows = (await js('retrieveCampaignDetails', { myCampaignId: made['campaign'] ?? '' })) as object[]
  expect(rows).toHaveLength(8)
  expect(rows[0]).toMatchObject({ number: expect.stringMatching(/^\d+$/), action: expect.any(String) })
  const csv = await curl('/retrieve/campaign', { c_B5ibuY0ubsjsGHE: made['campaign'] ?? '' })
  expect(String(csv).trim().split('\r\n')).toHaveLength(9)
})
