import { eventually } from '../support/eventually.ts'
import { openChatinc, partsOf, type ChatincRig } from './chatinc-rig.ts'

let rig: ChatincRig
beforeAll(async () => {
  rig = await openChatinc()
})
afterAll(() => rig.close())

describe('buttons', () => {
  const journey = async (flowKey: string, draft: object) => {
    const { id } = await rig.line.platform<{ id: string }>(201, 'POST', '/journeys', {
      numberId: rig.line.numberId,
      name: flowKey,
      draft,
    })
    await rig.line.platform(201, 'POST', `/journeys/${id}/publish`, {})
    await rig.line.platform(200, 'PATCH', `/journeys/${id}`, { flowKey })
    return id
  }
  const says = (text: string, triggers: object[] = []) => ({
    ...{ start: 'say', triggers, entry: { reentry: 'always' } },
    cards: { say: { type: 'message', settings: { text } } },
  })
  const tap = async (number: string, at: number, words: string) => {
    const [sent] = await rig.sentTo(number)
    const button = partsOf(sent).filter(({ sub_type: kind }) => kind === 'quick_reply')[at]
    const [{ payload } = { payload: '' }] = (button?.parameters ?? []) as { payload: string }[]
    await rig.line.house.say(number, {
      ...{ type: 'button', button: { text: words, payload } },
      context: { from: '15550001111', id: sent?.id },
    })
  }
  beforeAll(async () => {
    await journey('myJourneyId', says('Welcome to the journey'))
    await journey(
      'pricesJourney',
      says('Our prices', [{ type: 'user-utterance', match: 'exact', keywords: ['show me the prices'] }]),
    )
  })

  test('of the seed’s own example go together: a journey and a link', async () => {
    await rig.audience('taps', '491701400001')
    const made = await rig.create({
      title: 'Journey and link',
      message: 'My message {} is here for you.',
      templateType: 'MARKETING',
      buttons: [
        { text: 'Start', type: 'journey', journeyId: 'myJourneyID' },
        { text: 'Vist site', type: 'url', url: 'https://www.google.com' },
      ],
      options: { runImmediately: true, audiences: ['taps'] },
    })
    expect((await rig.resultOf(made.campaignId))['buttons']).toMatchObject([
      { text: 'Start', type: 'journey' },
      { text: 'Vist site', type: 'url', url: 'https://www.google.com' },
    ])
    await tap('491701400001', 0, 'Start')
    await eventually(
      async () => {
        expect((await rig.line.house.ledger('491701400001'))[1]?.payload.text?.body).toBe(
          'Welcome to the journey',
        )
      },
      { timeoutMs: 20_000 },
    )
  })

  test('of input keep what they stand for in the group named as the campaign, or start the journey which that text triggers', async () => {
    await rig.audience('inputs', '491701410001', '491701410002')
    const made = await rig.create({
      title: 'Survey of June',
      message: 'How do you like our new shop?',
      buttons: [
        { text: 'Very much', type: 'input', input: 'Hello, World.' },
        { text: 'Prices', type: 'input', input: 'show me the prices' },
      ],
      options: { runImmediately: true, audiences: ['inputs'] },
    })
    await tap('491701410001', 0, 'Very much')
    await eventually(
      async () => {
        const groups = await rig.post<{ name: string; fields: string[] }[]>('/retrieve/variable/groups', {})
        expect(groups).toContainEqual(expect.objectContaining({ name: 'Survey of June' }))
      },
      { timeoutMs: 20_000 },
    )
    await eventually(async () => {
      const rows = await rig.post<{ number: string; input: string }[]>('/retrieve/campaign', {
        campaignId: made.campaignId,
      })
      expect(rows.find(({ number }) => number === '491701410001')).toMatchObject({
        input: 'Hello, World.',
        action: 'replied',
      })
    })
    await tap('491701410002', 1, 'Prices')
    await eventually(
      async () => {
        expect((await rig.line.house.ledger('491701410002'))[1]?.payload.text?.body).toBe('Our prices')
      },
      { timeoutMs: 20_000 },
    )
  })

  test('of phone and link go together; phone with input or journey is refused, naming the button', async () => {
    const phone = { text: 'Call Us', type: 'phone', phoneNumber: '+4930123456' }
    const message = 'Call us or have a look at it.'
    const link = { text: 'Pay', type: 'url', url: 'https://pay.example.com/{users.link}' }
    const made = await rig.create({ title: 'Phone', message, buttons: [phone, link] })
    expect((await rig.resultOf(made.campaignId))['buttons']).toEqual([
      { text: 'Call Us', type: 'phone', phoneNumber: '+4930123456' },
      { text: 'Pay', type: 'url', url: 'https://pay.example.com/{users.link}' },
    ])
    const input = { text: 'Yes', type: 'input', input: 'yes' }
    const journeyButton = { text: 'Start', type: 'journey', journeyId: 'myJourneyId' }
    for (const other of [input, journeyButton])
      expect(
        await rig.refused('/create/campaign', { title: 'x', message, buttons: [phone, link, other] }),
      ).toMatchObject({
        field: 'buttons.2',
        message: expect.stringContaining('button 2') as string,
      })
    expect(
      await rig.refused('/create/campaign', {
        title: 'x',
        message,
        buttons: [{ text: 'Go', type: 'journey', journeyId: 'nowhere' }],
      }),
    ).toMatchObject({ field: 'buttons.0.journeyId' })
    expect(
      await rig.refused('/create/campaign', {
        title: 'x',
        message,
        buttons: [{ text: 'Go', type: 'dance' }],
      }),
    ).toMatchObject({
      field: expect.stringContaining('buttons.0') as string,
    })
  })
})
