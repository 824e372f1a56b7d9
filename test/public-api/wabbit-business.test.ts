import { createSandbox } from '../../integrations/whatsapp/sandbox/sandbox.ts'
import { openWabbit, type Member, type Page, type WabbitRig } from './wabbit-rig.ts'

let rig: WabbitRig
const sandbox = createSandbox({
  ...{ accessTokens: ['sandbox-token'], appSecret: 'a-secret-of-mine' },
  numbers: [1, 2].map((nth) => ({
    ...{
      phoneNumberId: `10000000000000${nth}`,
      wabaId: '200000000000001',
      displayNumber: `4860000000${nth}`,
    },
  })),
})
beforeAll(async () => {
  const { port } = await sandbox.listen(0)
  rig = await openWabbit({ WHATSAPP_BASE_URL: `http://127.0.0.1:${port}` })
})
afterAll(async () => {
  await rig.close()
  await sandbox.close()
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const encoded = png.toString('base64')
const denied = { detail: 'You do not have permission to perform this action.' }

const send = (who: Member, path: string, init: RequestInit = {}) =>
  fetch(`${rig.api.url}/api/v1${path}`, { ...init, headers: { authorization: `Token ${who.token}` } })
const formOf = (bytes: Buffer, name: string, type: string, field = 'file_encoded') => {
  const body = new FormData()
  body.append(field, new File([new Uint8Array(bytes)], name, { type }))
  return { method: 'POST', body }
}

describe('a file', () => {
  const fileOf = async (id: string, who = rig.members.bot) => {
    const answer = await send(who, `/media/${id}/`)
    return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) }
  }

  test('comes as base64, plain or as browsers write it, and goes out as it was', async () => {
    for (const text of [encoded, `data:image/png;base64,${encoded}`]) {
      const made = await rig.call<{ id: string; file: string }>(201, rig.members.ann, 'POST', '/media/', {
        file_encoded: text,
      })
      expect(new URL(made.file).pathname).toBe(`/api/v1/media/${made.id}/`)
      expect(await fileOf(made.id)).toEqual({ type: 'image/png', bytes: png })
    }
  })
  test('comes in a form', async () => {
    const pdf = Buffer.from(`%PDF-1.4\n${'x'.repeat(300_000)}`)
    const answer = await send(rig.members.ann, '/media/', formOf(pdf, 'terms.pdf', 'application/pdf'))
    expect(answer.status).toBe(201)
    const { id } = (await answer.json()) as { id: string }
    expect(await fileOf(id)).toEqual({ type: 'application/pdf', bytes: pdf })
    expect(await rig.platform(200, 'GET', `/media/${id}`)).toMatchObject({ name: 'terms.pdf' })
  })
  test('that is none is refused by its field', async () => {
    const refused = async (body: unknown) => {
      const answer = await rig.ask(rig.members.ann, 'POST', '/media/', body)
      return [answer.status, answer.body]
    }
    expect(await refused({})).toEqual([400, { file_encoded: ['This field is required.'] }])
    expect(await refused({ file_encoded: '%%%' })).toEqual([
      400,
      { file_encoded: ['The submitted data is not base64.'] },
    ])
    expect((await refused({ file_encoded: Buffer.from('who knows').toString('base64') }))[0]).toBe(415)
    const lies = await send(rig.members.ann, '/media/', formOf(Buffer.from('no png'), 'a.png', 'image/png'))
    expect([lies.status, Object.keys((await lies.json()) as object)]).toEqual([400, ['file_encoded']])
    const elsewhere = await send(rig.members.ann, '/media/', formOf(png, 'a.png', 'image/png', 'document'))
    expect([elsewhere.status, Object.keys((await elsewhere.json()) as object)]).toEqual([
      400,
      ['file_encoded'],
    ])
    await rig.call(404, rig.members.ann, 'GET', '/media/00000000-0000-7000-8000-000000000000/')
    await rig.call(404, rig.members.ann, 'GET', '/media/nonsense/')
  })
})

describe('templates:', () => {
  const components = [{ type: 'BODY', text: 'Your parcel is on its way.' }]
  const create = (category: string, name: string) =>
    rig.ask(rig.members.ann, 'POST', '/templates/', { name, category, language: 'en', components })
  const legacy = [
    ...[
      'ACCOUNT_UPDATE',
      'PAYMENT_UPDATE',
      'PERSONAL_FINANCE_UPDATE',
      'SHIPPING_UPDATE',
      'RESERVATION_UPDATE',
    ],
    ...[
      'ISSUE_RESOLUTION',
      'APPOINTMENT_UPDATE',
      'TRANSPORTATION_UPDATE',
      'TICKET_UPDATE',
      'ALERT_UPDATE',
      'AUTO_REPLY',
    ],
  ]

  test.each([...legacy, 'UTILITY', 'MARKETING'])('%s is returned as given', async (category) => {
    const name = `parcel_${category.toLowerCase()}`
    const { status, body } = await create(category, name)
    expect([status, body]).toEqual([
      201,
      {
        ...{ name, category, language: 'en', components, namespace: '200000000000001' },
        ...{ rejected_reason: 'NONE', status: expect.any(String) },
      },
    ])
    const { items } = await rig.platform<{ items: { name: string; category: string }[] }>(
      ...([200, 'GET', `/templates?search=${name}`] as const),
    )
    expect(items).toMatchObject([{ name, category: category === 'MARKETING' ? category : 'UTILITY' }])
  })
  test('are listed newest first, by pages', async () => {
    const page = await rig.call<Page>(200, rig.members.bot, 'GET', '/templates/?limit=2')
    expect(page).toMatchObject({
      count: 13,
      previous: null,
      results: [{ category: 'MARKETING' }, { category: 'UTILITY' }],
    })
    expect(page.next).toMatch(/limit=2&offset=2$/)
  })
  test('other categories and missing fields are named', async () => {
    expect((await create('NEWS', 'other')).body).toEqual({ category: ['"NEWS" is not a valid choice.'] })
    const { body } = await rig.ask(rig.members.ann, 'POST', '/templates/', { name: 'other' })
    const required = ['This field is required.']
    expect(body).toEqual({ category: required, language: required, components: required })
    expect((await create('UTILITY', 'parcel_utility')).status).toBe(400)
  })
  test('are not edited', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const answer = await rig.ask(rig.members.admin, method, '/templates/parcel_utility/', { components })
      expect([answer.status, answer.body]).toEqual([405, { detail: `Method "${method}" not allowed.` }])
    }
    expect((await rig.ask(rig.members.admin, 'PUT', '/templates/', {})).status).toBe(405)
  })
})

describe('the business', () => {
  const path = '/settings/business/profile/'
  /** The document's words, and WhatsApp's. */
  const verticals: [string, string][] = [
    ['Automotive', 'AUTO'],
    ['Beauty, Spa and Salon', 'BEAUTY'],
    ['Clothing and Apparel', 'APPAREL'],
    ['Education', 'EDU'],
    ['Entertainment', 'ENTERTAIN'],
    ['Event Planning and Service', 'EVENT_PLAN'],
    ['Finance and Banking', 'FINANCE'],
    ['Food and Grocery', 'GROCERY'],
    ['Public Service', 'GOVT'],
    ['Hotel and Lodging', 'HOTEL'],
    ['Medical and Health', 'HEALTH'],
    ['Non-profit', 'NONPROFIT'],
    ['Professional Services', 'PROF_SERVICES'],
    ['Shopping and Retail', 'RETAIL'],
    ['Travel and Transportation', 'TRAVEL'],
    ['Restaurant', 'RESTAURANT'],
    ['Other', 'OTHER'],
  ]
  const profile = {
    ...{ address: '1 Rabbit Street', description: 'We sell carrots', email: 'hi@example.com' },
    ...{ vertical: 'Food and Grocery', websites: ['https://example.com/'] },
  }
  const platformPath = () => `/numbers/${rig.numbers[0]}/business-profile`

  test('has a profile, which admins replace and change', async () => {
    const { admin, bot } = rig.members
    expect(await rig.call(200, admin, 'PUT', path, profile)).toEqual(profile)
    expect(await rig.call(200, bot, 'GET', path)).toEqual(profile)
    expect(await rig.call(200, admin, 'PATCH', path, { description: '' })).toEqual({
      ...profile,
      description: '',
    })
    expect(await rig.call(200, admin, 'PATCH', path, { websites: [] })).toMatchObject({ websites: [] })
    expect((await rig.ask(admin, 'PUT', path, { email: 'nobody' })).body).toEqual({
      ...{ address: ['This field is required.'], description: ['This field is required.'] },
      ...{ email: ['Enter a valid email address.'], vertical: ['This field is required.'] },
    })
    expect((await rig.ask(admin, 'PATCH', path, { vertical: 'GROCERY' })).body).toEqual({
      vertical: ['"GROCERY" is not a valid choice.'],
    })
  })
  test.each(verticals)('is "%s" here and %s at WhatsApp', async (word, code) => {
    const { admin } = rig.members
    expect(await rig.call(200, admin, 'PATCH', path, { vertical: word })).toMatchObject({ vertical: word })
    expect(await rig.platform(200, 'GET', platformPath())).toMatchObject({ vertical: code })
  })
  test('is of no line of business that has a word here', async () => {
    await rig.platform(200, 'PATCH', platformPath(), { vertical: 'OTHER' })
    expect(await rig.call(200, rig.members.ann, 'GET', path)).toMatchObject({ vertical: 'Other' })
  })
  test('says something about itself', async () => {
    const { admin } = rig.members
    const about = '/settings/profile/about/'
    expect(await rig.call(200, admin, 'PATCH', about, { text: 'Carrots!' })).toEqual({ text: 'Carrots!' })
    expect(await rig.platform(200, 'GET', platformPath())).toMatchObject({ about: 'Carrots!' })
    expect((await rig.ask(admin, 'PATCH', about, { text: 'x'.repeat(140) })).body).toEqual({
      text: ['Ensure this field has no more than 139 characters.'],
    })
  })
  test('shows a photo, which comes as files do', async () => {
    const { admin, ann } = rig.members
    const photo = '/settings/profile/photo/'
    const base64 = await rig.ask(admin, 'POST', photo, { file_encoded: encoded })
    const form = await send(admin, photo, formOf(png, 'us.png', 'image/png'))
    expect([base64.status, base64.body, form.status]).toEqual([form.status, {}, form.status])
    expect(base64.status).toBe(200)
    const facts = await rig.sql<{ data: { fields: string[] } }>(
      `select data from facts where workspace_id = $1 and kind = 'number.profile_changed' and data->'fields' ? 'picture'`,
      [rig.workspaceId],
    )
    expect(facts).toHaveLength(2)
    const pdf = formOf(Buffer.from('%PDF-1.4\n'), 'us.pdf', 'application/pdf')
    expect((await send(admin, photo, pdf)).status).toBe(415)
    const refused = await send(ann, photo, formOf(png, 'us.png', 'image/png'))
    expect([refused.status, await refused.json()]).toEqual([403, denied])
  })
})
