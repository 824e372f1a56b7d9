import { openChatman, type ChatmanRig, type WireContact, type WirePage } from './chatman-rig.ts'

let rig: ChatmanRig
beforeAll(async () => {
  rig = await openChatman()
  await rig.platform(201, 'POST', '/attributes', { name: 'plan', type: 'string' })
  await rig.platform(201, 'POST', '/attributes', { name: 'visits', type: 'integer' })
})
afterAll(() => rig.close())

const ids = (contacts: WireContact[]) => contacts.map(({ user_id }) => user_id)

test('POST - Add Contact: phone_number, country_code and system_attributes are mandatory, the rest is optional', async () => {
  const added = await rig.call<WireContact>(201, 'POST', '/contacts', {
    phone_number: '98765 43210',
    country_code: '+91',
    system_attributes: { first_name: 'Ravi', email: 'ravi@example.com', city: 'Pune', whatsapp_opted: true },
    external_customer_id: 'crm-1',
    custom_attributes: { plan: 'gold', visits: 3 },
    user_tags: ['vip'],
  })
  expect(added).toMatchObject({
    created: true,
    biz_whatsapp_user_id: added.user_id,
    wa_id: '919876543210',
    country_code: '91',
    phone_number: '9876543210',
    external_customer_id: 'crm-1',
    system_attributes: { first_name: 'Ravi', email: 'ravi@example.com', city: 'Pune', whatsapp_opted: true },
    custom_attributes: { plan: 'gold', visits: 3 },
    user_tags: ['vip'],
  })
  expect(await rig.platform(200, 'GET', `/contacts/${added.user_id}`)).toMatchObject({
    ...{
      firstName: 'Ravi',
      email: 'ravi@example.com',
      tags: ['vip'],
      attributes: { plan: 'gold', visits: 3 },
    },
  })
  const consent = await rig.platform(200, 'GET', `/contacts/${added.user_id}/consent`)
  expect(consent).toMatchObject({ categories: [{ state: 'opted_in' }, { state: 'opted_in' }, {}] })
})

test('Add Contact names each missing field', async () => {
  const { error } = await rig.call<{ error: { fields: { field: string }[] } }>(400, 'POST', '/contacts', {})
  expect(error).toMatchObject({ code: 'invalid_input', field: 'phone_number' })
  expect(error.fields.map(({ field }) => field)).toEqual([
    ...['phone_number', 'country_code', 'system_attributes.first_name', 'system_attributes.email'],
  ])
})

test.each([
  [{ phone_number: 'call me' }, 'phone_number'],
  [{ country_code: '999' }, 'country_code'],
  [{ phone_number: '+4917012345678' }, 'phone_number'],
  [{ system_attributes: { first_name: 'A', email: 'nonsense' } }, 'system_attributes.email'],
  [{ system_attributes: { first_name: 'A', email: 'a@example.com', shoe: 1 } }, 'system_attributes.shoe'],
  [{ custom_attributes: { visits: 'many' } }, 'custom_attributes.visits'],
  [{ custom_attributes: { nobody_declared: 1 } }, 'custom_attributes.nobody_declared'],
  [{ user_tags: ['', 'x'] }, 'user_tags.0'],
])('a malformed field is named, and nothing is written: %j', async (wrong, field) => {
  const body = {
    ...{ phone_number: '9876549999', country_code: '91' },
    system_attributes: { first_name: 'A', email: 'a@example.com' },
    ...wrong,
  }
  const { error } = await rig.call<{ error: object }>(400, 'POST', '/contacts', body)
  expect(error).toMatchObject({ code: 'invalid_input', field })
  await rig.call(404, 'GET', '/contacts/919876549999')
})

test('an external_customer_id that another contact has is refused by its name here', async () => {
  await rig.add({ external_customer_id: 'crm-taken' })
  const { user_id } = await rig.add()
  const { wa_id } = await rig.call<WireContact>(200, 'GET', `/contacts/${user_id}`)
  const body = { phone_number: wa_id?.slice(2), country_code: 91, external_customer_id: 'crm-taken' }
  expect(await rig.call(409, 'POST', '/contacts/update', body)).toMatchObject({
    error: {
      code: 'conflict',
      fields: expect.arrayContaining([expect.objectContaining({ field: 'phone_number' })]),
    },
  })
})

test('POST - Update Contact requires phone_number and country_code, and leaves what is not named', async () => {
  const { wa_id } = await rig.add({ custom_attributes: { plan: 'gold' }, user_tags: ['old'] })
  const phone = { phone_number: wa_id?.slice(2), country_code: '91' }
  const updated = await rig.call(200, 'POST', '/contacts/update', {
    ...phone,
    system_attributes: { last_name: 'Rao', whatsapp_opted: false },
    user_tags: ['new'],
  })
  expect(updated).toMatchObject({
    system_attributes: { first_name: 'Asha', last_name: 'Rao', whatsapp_opted: false },
    custom_attributes: { plan: 'gold' },
    user_tags: ['new'],
  })
  const missing = await rig.call(400, 'POST', '/contacts/update', { user_tags: [] })
  expect(missing).toMatchObject({
    error: { fields: [{ field: 'phone_number' }, { field: 'country_code' }] },
  })
  const unknown = { phone_number: '9876540001', country_code: '91' }
  expect(await rig.call(404, 'POST', '/contacts/update', unknown)).toMatchObject({
    error: { code: 'not_found', field: 'phone_number' },
  })
})

test('GET - Get Contact Details: detailed information for an individual contact', async () => {
  const { user_id, wa_id } = await rig.add()
  expect(await rig.call(200, 'GET', `/contacts/${wa_id}`)).toMatchObject({ user_id, wa_id })
  expect(await rig.call(404, 'GET', '/contacts/15550009999')).toMatchObject({
    error: { code: 'not_found', field: 'wa_id' },
  })
})

test('a contact without a phone number is found by its id', async () => {
  const made = await rig.platform<{ id: string }>(201, 'POST', '/contacts', {
    bsuid: 'IN.4711',
    portfolioId: 'p',
  })
  const found = { user_id: made.id, wa_id: null, phone_number: null, bsuid: 'IN.4711' }
  expect(await rig.call(200, 'GET', `/contacts/${made.id}`)).toMatchObject(found)
  expect(await rig.call(200, 'GET', '/contacts/IN.4711')).toMatchObject(found)
})

test('GET - Get Multiple Contacts Details by a comma-separated list of contact wa_ids', async () => {
  const [one, two] = [await rig.add(), await rig.add()]
  const path = `/contacts/details?wa_ids=${two.wa_id},15550009998,${one.wa_id}`
  const answer = await rig.call<{ data: WireContact[]; not_found: string[] }>(200, 'GET', path)
  expect(ids(answer.data)).toEqual([two.user_id, one.user_id])
  expect(answer.not_found).toEqual(['15550009998'])
  for (const none of ['/contacts/details', '/contacts/details?wa_ids=,']) {
    expect(await rig.call(400, 'GET', none)).toMatchObject({ error: { field: 'wa_ids' } })
  }
})

describe('GET - Get Contacts List', () => {
  test('the mode all gets all records, page by page to the end', async () => {
    const added = [await rig.add(), await rig.add(), await rig.add()]
    const all = await rig.pages<WireContact>('/contacts?mode=all')
    expect(new Set(ids(all)).size).toBe(all.length)
    expect(ids(all)).toEqual(expect.arrayContaining(ids(added)))
    const { data } = await rig.call<WirePage<WireContact>>(200, 'GET', '/contacts?limit=200')
    expect(ids(data)).toEqual(ids(all))
  })

  test('new and modified get those of a time range', async () => {
    const old = await rig.add()
    const at = Date.now()
    await rig.sql("update contacts set created_at = created_at - interval '1 day' where id = $1", [
      old.user_id,
    ])
    await rig.call(200, 'POST', '/contacts/update', {
      ...{ phone_number: old.wa_id?.slice(2), country_code: 91, user_tags: ['touched'] },
    })
    const fresh = await rig.add()
    const list = async (query: string) =>
      ids((await rig.call<WirePage<WireContact>>(200, 'GET', `/contacts?${query}`)).data)
    const iso = new Date(at).toISOString()
    for (const start of [iso, iso.replace('Z', '%2B00:00'), iso.replace('Z', '+00:00'), String(at)]) {
      expect(await list(`mode=new&start_time=${start}`)).toEqual([fresh.user_id])
      expect(await list(`mode=modified&start_time=${start}`)).toEqual([old.user_id, fresh.user_id])
    }
    expect(await list(`mode=new&start_time=${at}&end_time=${at}`)).toEqual([])
    const dayBefore = new Date(at - 30 * 3_600_000).toISOString()
    const hourBefore = Math.floor(at / 1_000) - 3_600
    expect(await list(`mode=new&start_time=${dayBefore}&end_time=${hourBefore}`)).toEqual([old.user_id])
  })

  test('what is no mode, time, limit or after is named', async () => {
    for (const [query, field] of [
      ...[
        ['mode=some', 'mode'],
        ['start_time=yesterday', 'start_time'],
        ['mode=new&end_time=2026-13-40', 'end_time'],
      ],
      ...[
        ['limit=0', 'limit'],
        ['limit=many', 'limit'],
        ['after=nonsense', 'after'],
      ],
    ]) {
      expect(await rig.call(400, 'GET', `/contacts?${query}`)).toMatchObject({ error: { field } })
    }
  })
})

test('POST - Check Contact says unknown until WhatsApp has told', async () => {
  const { user_id, wa_id } = await rig.add()
  const body = { phone_number: wa_id?.slice(2), country_code: '91' }
  const check = () => rig.call(200, 'POST', '/contacts/check', body)
  expect(await check()).toEqual({ wa_id, status: 'unknown', evidence: null, checked_at: null, user_id })
  const nobody = { phone_number: '9876540002', country_code: '91' }
  expect(await rig.call(200, 'POST', '/contacts/check', nobody)).toMatchObject({
    status: 'unknown',
    user_id: null,
  })
  const outcome = (columns: string) => writeMessage(user_id, columns)
  await outcome("failed_at = now() + interval '1 second', reason_code = '131026', state = 'failed'")
  expect(await check()).toMatchObject({ status: 'invalid', evidence: 'message_undeliverable' })
  await outcome("delivered_at = now() + interval '2 seconds', sent_at = now() + interval '2 seconds'")
  expect(await check()).toMatchObject({ status: 'valid', evidence: 'message_sent' })
  await outcome("failed_at = now() + interval '3 seconds', reason_code = '131026', state = 'failed'")
  expect(await check()).toMatchObject({ status: 'unknown', evidence: 'message_undeliverable' })
  expect(await rig.platform(200, 'POST', '/contacts/check', { waId: wa_id })).toMatchObject({
    status: 'unknown',
  })
  expect(await rig.call(400, 'POST', '/contacts/check', { phone_number: '1' })).toMatchObject({
    error: { fields: [{ field: 'country_code' }] },
  })
})

/** A message that we sent, with what became of it. */
async function writeMessage(contactId: string, set: string): Promise<void> {
  const values = [rig.workspace.workspaceId, rig.numbers[0].id, contactId]
  await rig.sql(
    `insert into conversations (id, workspace_id, number_id, contact_id) values (uuidv7(), $1, $2, $3)
     on conflict do nothing`,
    values,
  )
  const [row] = await rig.sql<{ id: string }>(
    `insert into messages (id, workspace_id, number_id, contact_id, conversation_id, direction, type, content, fact_id, state)
     select uuidv7(), $1, $2, $3, v.id, 'out', 'text', '{}', uuidv7(), 'accepted' from conversations v
     where v.number_id = $2 and v.contact_id = $3 returning id`,
    values,
  )
  await rig.sql(`update messages set ${set} where id = $1`, [row?.id])
}
