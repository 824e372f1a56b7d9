import { eventually } from '../support/eventually.ts'
import { openChatinc, partsOf, type ChatincRig, type Made } from './chatinc-rig.ts'

let rig: ChatincRig
beforeAll(async () => {
  rig = await openChatinc()
})
afterAll(() => rig.close())

describe('a campaign', () => {
  test('that is not to run is a template and nothing more; run later, and once more, it sends again', async () => {
    await rig.audience('runs', '491701100001', '491701100002')
    const made = await rig.create({
      title: 'Quiet',
      message: 'A quiet offer of ours, just for you.',
      options: { audiences: ['runs'] },
    })
    expect(made).toMatchObject({ status: 'success', run: null, whatsAppTemplatesStatus: 'PENDING' })
    await rig.approved(made.campaignId)
    expect(await rig.line.house.ledger('491701100001')).toEqual([])
    // For whom it was made.
    expect(await rig.post<Made>('/run/campaign', { campaignId: made.campaignId })).toMatchObject({
      run: { status: 'started' },
    })
    await rig.sentTo('491701100001')
    await eventually(
      async () =>
        expect((await rig.resultOf(made.campaignId)).runs).toMatchObject([
          { number: 1, status: 'completed' },
        ]),
      {
        timeoutMs: 30_000,
      },
    )
    await rig.audience('others', '491701100003')
    await rig.post('/run/campaign', { campaignId: made.campaignId, audiences: ['others'] })
    await rig.sentTo('491701100003')
    await eventually(async () => expect((await rig.resultOf(made.campaignId)).runs).toHaveLength(2))
    await eventually(
      async () =>
        expect((await rig.resultOf(made.campaignId)).runs[1]).toMatchObject({ status: 'completed' }),
      {
        timeoutMs: 30_000,
      },
    )
    // The seed's own curl: create with an id and no title runs; for whom the last run was.
    expect(await rig.create({ campaignId: made.campaignId })).toMatchObject({ run: { status: 'started' } })
    await rig.sentTo('491701100003', 2)
    expect(await rig.line.house.ledger('491701100001')).toHaveLength(1)
  })

  test('that is to run at once waits for WhatsApp’s approval, and then goes out by itself', async () => {
    await rig.audience('waiting', '491701200001')
    const made = await rig.create({
      title: 'At once',
      message: 'Come and see us today, please.',
      runImmediately: true,
      audiences: ['waiting'],
    })
    expect(made.run).toMatchObject({
      status: 'waiting',
      reason: expect.stringContaining('pending') as string,
    })
    expect((await rig.listed('?active=true')).map(({ campaignId }) => campaignId)).toContain(made.campaignId)
    await rig.sentTo('491701200001')
    const why = await rig.line.rows<{ kind: string }>(
      `select kind from facts where data ->> 'name' = 'At once' and kind like 'campaign.%' order by at, id`,
    )
    expect(why.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['campaign.created', 'campaign.requested', 'campaign.launched']),
    )
  })

  test('whose template WhatsApp rejects is not sent, and says so', async () => {
    await rig.audience('rejected', '491701210001')
    await rig.line.house.settings({ templateVerdict: 'REJECTED' })
    const made = await rig.create({
      title: 'Bad',
      message: 'You will not like this offer.',
      runImmediately: true,
      audiences: ['rejected'],
    })
    await eventually(
      async () => {
        const { runs, whatsAppTemplatesStatus } = await rig.resultOf(made.campaignId)
        expect(whatsAppTemplatesStatus).toBe('REJECTED')
        expect(runs).toMatchObject([
          { number: null, status: 'refused', reason: expect.stringContaining('rejected') as string },
        ])
      },
      { timeoutMs: 20_000 },
    )
    await rig.line.house.settings({ templateVerdict: 'APPROVED' })
    expect(
      await rig.refused('/run/campaign', { campaignId: made.campaignId, audiences: ['rejected'] }),
    ).toMatchObject({
      message: expect.stringContaining('rejected') as string,
    })
    expect(await rig.line.house.ledger('491701210001')).toEqual([])
  })

  test('is scheduled by timeToRun, in Unix seconds', async () => {
    await rig.audience('later', '491701220001')
    const timeToRun = Math.floor(Date.now() / 1_000) + 3_600
    const made = await rig.create({
      title: 'Later',
      message: 'Tomorrow it all begins anew.',
      options: { timeToRun, audiences: ['later'] },
    })
    await eventually(
      async () => {
        expect((await rig.resultOf(made.campaignId)).runs).toMatchObject([
          { number: 1, status: 'scheduled', startedAt: new Date(timeToRun * 1_000).toISOString() },
        ])
      },
      { timeoutMs: 20_000 },
    )
    expect(await rig.line.house.ledger('491701220001')).toEqual([])
    const past = await rig.create({
      title: 'Past',
      message: 'Yesterday it all began anew.',
      options: { audiences: ['later'] },
    })
    await rig.approved(past.campaignId)
    expect(
      await rig.post<Made>('/run/campaign', { campaignId: past.campaignId, timeToRun: 1_600_000_000 }),
    ).toMatchObject({
      run: { status: 'started' },
    })
    await rig.sentTo('491701220001')
  })

  test('to an unknown audience is refused with 400, and nothing is made or sent', async () => {
    await rig.audience('known', '491701230001')
    const before = await rig.line.rows('select count(*)::int as n from templates')
    const body = {
      title: 'Nobody',
      message: 'Is there anybody out there?',
      runImmediately: true,
      audiences: ['known', 'unknown'],
    }
    expect(await rig.refused('/create/campaign', body)).toMatchObject({
      field: 'audiences.1',
      message: expect.stringContaining('"unknown"') as string,
    })
    expect(await rig.refused('/create/campaign', { ...body, audiences: [] })).toMatchObject({
      field: 'audiences',
    })
    expect(
      await rig.refused('/create/campaign', { title: 'x', message: 'y', timeToRun: 4_000_000_000 }),
    ).toMatchObject({ field: 'audiences' })
    expect(await rig.line.rows('select count(*)::int as n from templates')).toEqual(before)
    const made = await rig.create({ title: 'For nobody', message: 'This is for nobody at all.' })
    await rig.approved(made.campaignId)
    expect(await rig.refused('/run/campaign', { campaignId: made.campaignId })).toMatchObject({
      field: 'audiences',
    })
    expect(
      await rig.refused('/run/campaign', { campaignId: made.campaignId, audiences: ['unknown'] }),
    ).toMatchObject({ field: 'audiences.0' })
    expect(await rig.refused('/run/campaign', { campaignId: 'no-such', audiences: ['known'] })).toMatchObject(
      {
        field: 'campaignId',
      },
    )
    expect(await rig.line.house.ledger('491701230001')).toEqual([])
  })

  test('is not sent to an audience that a file is still filling', async () => {
    await rig.audience('filling', '491701240001')
    const made = await rig.create({ title: 'Patience', message: 'All good things come to those.' })
    await rig.approved(made.campaignId)
    await rig.line.rows(
      `insert into imports (id, workspace_id, name, state, by, plan) select uuidv7(), workspace_id, 'big.csv', 'running', 'test',
         jsonb_build_object('segmentIds', jsonb_build_array(id)) from segments where ref = 'filling'`,
    )
    const run = { campaignId: made.campaignId, audiences: ['filling'] }
    expect(await rig.refused('/run/campaign', run)).toMatchObject({
      field: 'audiences',
      message: expect.stringContaining('"big.csv"') as string,
    })
    await rig.line.rows(`delete from imports where name = 'big.csv'`)
    expect(await rig.post<Made>('/run/campaign', run)).toMatchObject({ run: { status: 'started' } })
    await rig.sentTo('491701240001')
  })

  test('names what it lacks', async () => {
    expect(await rig.refused('/create/campaign', {})).toMatchObject({ field: 'title' })
    expect(await rig.refused('/create/campaign', { title: 'x' })).toMatchObject({ field: 'message' })
    expect(
      await rig.refused('/create/campaign', { title: 'x', message: 'y', languageCode: 'xxYY' }),
    ).toMatchObject({ field: 'languageCode' })
    expect(
      await rig.refused('/create/campaign', { title: 'x', message: 'y', templateType: 'SPAM' }),
    ).toMatchObject({ field: 'templateType' })
  })

  test('fills {group.variable} for each contact, keeps {} as it is, and skips who has no value, with the reason', async () => {
    await rig.post('/create/variable/group', {
      ...{ id: 'users', name: 'My users' },
      values: [
        { number: '491701300001', first_name: 'Ann', last_name: 'Lee' },
        { number: '491701300003', first_name: 'Cem', last_name: 'Ay' },
      ],
    })
    await rig.audience('named', '491701300001', '491701300002')
    const made = await rig.create({
      title: 'Named',
      message: 'Hello {users.first_name} of {My users.last_name}, keep the {} of your code. Yours, us.',
      options: { runImmediately: true, audiences: ['named'], languageCode: 'enUS' },
    })
    const [sent] = await rig.sentTo('491701300001')
    expect(sent?.payload).toMatchObject({
      template: {
        name: made.templateId,
        language: { code: 'en_US' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Ann' },
              { type: 'text', text: 'Lee' },
            ],
          },
        ],
      },
    })
    expect(await rig.resultOf(made.campaignId)).toMatchObject({
      message: 'Hello {users.first_name} of {My_users.last_name}, keep the {} of your code. Yours, us.',
      variables: ['users.first_name', 'My_users.last_name'],
      locale: 'en_US',
    })
    const rows = await eventually(
      async () => {
        const found = await rig.post<{ number: string; action: string; error: string }[]>(
          '/retrieve/campaign',
          {
            campaignId: made.campaignId,
          },
        )
        expect(Object.fromEntries(found.map(({ number, action }) => [number, action]))).toEqual({
          '491701300001': expect.stringMatching(/sent|delivered|read/) as string,
          '491701300002': 'skipped',
        })
        return found
      },
      { timeoutMs: 20_000 },
    )
    expect(rows.find(({ number }) => number === '491701300002')?.error).toMatch(/first_name/)
    expect(await rig.line.house.ledger('491701300002')).toEqual([])
  })

  test('shows its picture, whose sample WhatsApp is given', async () => {
    const base = rig.pictureUrl
    await rig.audience('picture', '491701310001')
    const imgUrl = `${base}/WhatsApp Image 2023-05-18 at 09.56.00.png`
    const made = await rig.create({
      title: 'Picture',
      message: 'Look at what we have here for you.',
      imgUrl,
      runImmediately: true,
      audiences: ['picture'],
    })
    const [sent] = await rig.sentTo('491701310001')
    const link = imgUrl.replaceAll(' ', '%20')
    expect(partsOf(sent)[0]).toMatchObject({
      type: 'header',
      parameters: [{ type: 'image', image: { link } }],
    })
    expect(await rig.resultOf(made.campaignId)).toMatchObject({ imgUrl: link })
    for (const bad of [`${base}/no.png`, `${base}/text`, 'my-imageurl'])
      expect(
        await rig.refused('/create/campaign', { title: 'x', message: 'Look here, please.', imgUrl: bad }),
      ).toMatchObject({ field: 'imgUrl' })
  })
})
