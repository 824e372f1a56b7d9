import { openChatinc, partsOf, type ChatincRig } from './chatinc-rig.ts'

let rig: ChatincRig
afterEach(() => rig.close())

const pay = { text: 'Pay', type: 'url', url: '{payments.link}' }
const campaign = { title: 'Payment', message: 'Your invoice is here, please pay it.', buttons: [pay] }

test('a payment link of everybody’s own leads each to theirs; who has none is skipped, with the reason', async () => {
  rig = await openChatinc({ PUBLIC_URL: 'https://drip.example.com' })
  const values = [
    { number: '491701800001', link: 'https://pay.example.com/a?x=1&y=2' },
    { number: '491701800002', link: 'https://bank.example.org/b' },
  ]
  await rig.post('/create/variable/group', { id: 'payments', values })
  await rig.audience('payers', '491701800001', '491701800002', '491701800003')
  const { campaignId } = await rig.create({
    ...campaign,
    options: { runImmediately: true, audiences: ['payers'] },
  })
  for (const { number, link } of values) {
    const [sent] = await rig.sentTo(number)
    const button = partsOf(sent).find(({ sub_type: kind }) => kind === 'url')
    const [{ text } = { text: '' }] = (button?.parameters ?? []) as { text: string }[]
    const answer = await fetch(`${rig.line.url}/l/${text}`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, link])
  }
  expect(await rig.resultOf(campaignId)).toMatchObject({ buttons: [pay] })
  const rows = await rig.post<{ number: string; action: string; error: string }[]>('/retrieve/campaign', {
    campaignId,
  })
  expect(rows.find(({ number }) => number === '491701800003')).toMatchObject({
    ...{ action: 'skipped', error: expect.stringContaining('payments') as string },
  })
  const [person] = await rig.line.rows<{ campaign: string; contact: string }>(
    `select c.id as campaign, i.contact_id as contact from campaigns c, identities i where c.ref = $1 and i.value = '491701800003'`,
    [campaignId],
  )
  const check = { contactId: person?.contact }
  expect(await rig.line.platform(200, 'POST', `/campaigns/${person?.campaign}/check`, check)).toMatchObject({
    preview: [{ missing: ['groups.payments.link'] }],
  })
})

test('without an address of the server such a link is refused, and says so', async () => {
  rig = await openChatinc()
  expect(await rig.refused('/create/campaign', campaign)).toMatchObject({
    ...{ field: 'buttons.0.url', message: expect.stringContaining('PUBLIC_URL') as string },
  })
})
