import { eventually } from '../support/eventually.ts'
import { openChatinc, type ChatincRig } from './chatinc-rig.ts'

let rig: ChatincRig
beforeAll(async () => {
  rig = await openChatinc()
})
afterAll(() => rig.close())

describe('results', () => {
  test('are the seed’s envelope with totals, errors and rates; details as rows and, complete, as CSV', async () => {
    const [reached, unknown, broken] = ['491701500001', '491701500002', '491701500003'] as const
    await rig.audience('results', reached, unknown, broken)
    const made = await rig.create({
      title: 'Results',
      message: 'What will become of all this?',
      options: { audiences: ['results'] },
    })
    await rig.approved(made.campaignId)
    await rig.line.house.settings({ statusDelaysMs: { delivered: null } })
    await rig.line.house.faults([{ kind: 'error', code: 131008, match: { to: broken, type: 'template' } }])
    await rig.post('/run/campaign', { campaignId: made.campaignId })
    await rig.sentTo(reached)
    const [gone] = await rig.sentTo(unknown)
    await rig.line.house.faults([])
    const status = (id: string, to: string, more: object) => ({
      ...{ id, recipient_id: to, timestamp: String(Math.floor(Date.now() / 1_000)) },
      ...more,
    })
    const [sent] = await rig.line.house.ledger(reached)
    const errors = [{ code: 131026, title: 'Message undeliverable' }]
    await fetch(`${rig.line.house.sandboxUrl}/sandbox/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        field: 'messages',
        value: {
          messaging_product: 'whatsapp',
          metadata: {
            display_phone_number: '15550001111',
            phone_number_id: rig.line.house.access.phoneNumberId,
          },
          statuses: [
            status(gone?.id ?? '', unknown, { status: 'failed', errors }),
            status(sent?.id ?? '', reached, { status: 'delivered' }),
            status(sent?.id ?? '', reached, { status: 'read' }),
          ],
        },
      }),
    })
    await eventually(
      async () => {
        expect(await rig.resultOf(made.campaignId)).toEqual({
          ...{ imgUrl: null, variables: [], buttons: [], campaignId: made.campaignId, locale: 'en_US' },
          ...{ message: 'What will become of all this?', templateId: made.templateId, title: 'Results' },
          runs: [expect.objectContaining({ number: 1 })],
          ...{ totalSent: 2, totalDelivered: 1, totalRead: 1, totalSkipped: 0 },
          ...{ SendErrors: 1, DeliveryErrors: 1, NumbersNotOnWhatsApp: 1, deliveryRate: 0.5, readRate: 1 },
          whatsAppTemplatesStatus: 'APPROVED',
        })
      },
      { timeoutMs: 20_000 },
    )
    const { campaignId } = made
    const rows = await rig.post<{ number: string; action: string; errorCode: string | null }[]>(
      '/retrieve/campaign',
      {
        ...{ campaignId, format: 'json' },
      },
    )
    expect(
      Object.fromEntries(rows.map(({ number, action, errorCode }) => [number, `${action} ${errorCode}`])),
    ).toEqual({ [reached]: 'read null', [unknown]: 'failed 131026', [broken]: 'failed 131008' })
    expect(
      await rig.call<object[]>(200, 'POST', `/retrieve/campaign?campaignId=${campaignId}&limit=2&page=2`),
    ).toHaveLength(1)
    const csv = await rig.line.ask('POST', '/v1/retrieve/campaign', {
      headers: { authorization: rig.key },
      body: { campaignId, format: 'csv' },
    })
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
    const lines = csv.text
      .replace(/^\ufeff/, '')
      .trim()
      .split('\r\n')
    expect(lines[0]).toMatch(/^number,action,/)
    expect(lines).toHaveLength(4)
    expect(lines.some((each) => each.startsWith(`${reached},read,`))).toBe(true)
    expect(await rig.refused('/retrieve/campaign', {})).toMatchObject({ field: 'campaignId' })
    expect(await rig.refused('/retrieve/campaign', { campaignId, format: 'xml' })).toMatchObject({
      field: 'format',
    })
  })

  test('of ten thousand are all in the CSV, each once, and a page at a time in JSON', async () => {
    await rig.audience('many', '491701510001')
    const { campaignId } = await rig.create({ title: 'Many', message: 'What will become of so many?' })
    await rig.approved(campaignId)
    await rig.post('/run/campaign', { campaignId, audiences: ['many'] })
    await eventually(
      async () => expect((await rig.resultOf(campaignId)).runs).toMatchObject([{ status: 'completed' }]),
      {
        timeoutMs: 30_000,
      },
    )
    await rig.line.rows(
      `with run as (select r.id, r.workspace_id from campaign_runs r join campaigns c on c.id = r.campaign_id where c.ref = $1),
         people as (insert into contacts (id, workspace_id, name)
           select uuidv7(), workspace_id, 'Person ' || n from run, generate_series(1, 10000) n returning id, workspace_id, name),
         named as (insert into identities (id, workspace_id, contact_id, kind, value, source)
           select uuidv7(), workspace_id, id, 'wa_id', '4917099' || lpad(substr(name, 8), 6, '0'), 'test' from people)
       insert into campaign_recipients (run_id, lane, seq, workspace_id, contact_id, due_at, skipped, skip_reason)
       select run.id, 0, -substr(p.name, 8)::int, p.workspace_id, p.id, now(), 'opted_out', 'has opted out' from people p, run`,
      [campaignId],
    )
    const csv = await rig.line.ask('GET', `/v1/retrieve/campaign?campaignId=${campaignId}&format=CSV`, {
      headers: { authorization: rig.key },
    })
    const lines = csv.text.trim().split('\r\n').slice(1)
    expect(lines).toHaveLength(10_001)
    expect(new Set(lines.map((each) => each.split(',')[0])).size).toBe(10_001)
    expect(lines.filter((each) => each.includes(',skipped,'))).toHaveLength(10_000)
    const page = (at: number) => rig.post<object[]>('/retrieve/campaign', { campaignId, page: at })
    expect(await page(1)).toHaveLength(1_000)
    expect(await page(11)).toHaveLength(1)
    expect(await page(12)).toHaveLength(0)
  })

  test('are those of the key’s own number', async () => {
    const [first] = await rig.listed()
    const other = await rig.line.rows<{ id: string }>(
      `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, portfolio_id, sealed_access_token,
         sealed_app_secret, verify_token_hash, messages_per_second, bot_ref)
       values (uuidv7(), $1, '700000000000001', '700000000000002', '1', '', '', '', '', 80, 'other') returning id`,
      [rig.line.workspaceId],
    )
    const foreign = await rig.line.makeKey('chatinc', other[0]?.id)
    expect(await rig.call(200, 'GET', '/retrieve/campaigns', undefined, foreign)).toEqual([])
    await rig.call(400, 'POST', '/retrieve/campaign', { campaignId: first?.campaignId }, foreign)
    await rig.call(
      400,
      'POST',
      '/run/campaign',
      { campaignId: first?.campaignId, audiences: ['all'] },
      foreign,
    )
  })
})
