import { newId } from '../../src/db/columns.ts'
import { openContacts, type Contact, type ContactRig } from './contact-rig.ts'

let rig: ContactRig
let customers = 491_800_000_000

beforeAll(async () => {
  rig = await openContacts()
})
afterAll(() => rig.api.close())

const merge = (id: string, body: object, status = 200) =>
  rig.ask<object>(status, 'POST', `/contacts/${id}/merge`, body)
const person = async (name: string) => (await rig.create({ waId: String(++customers), name })).id

test('what is done to a contact that was merged is done to the one it became, and answered of that one', async () => {
  const [id, otherId] = [await person('Stays'), await person('Goes')]
  await merge(id, { otherId })
  const was = `/contacts/${otherId}`
  const ofSurvivor = { id, name: 'Stays', mergedInto: null }
  expect(await rig.ask(200, 'PATCH', was, { city: 'X', tags: ['t'] })).toMatchObject({
    ...ofSurvivor,
    ...{ city: 'X', tags: ['t'] },
  })
  const claimed = await rig.ask<Contact>(201, 'POST', `${was}/identities`, { kind: 'external', value: 'm-1' })
  expect(claimed).toMatchObject(ofSurvivor)
  const external = claimed.identities.find(({ kind }) => kind === 'external')?.id
  expect(await rig.ask(200, 'DELETE', `${was}/identities/${external}`)).toMatchObject(ofSurvivor)
  const note = await rig.ask(201, 'POST', `${was}/notes`, { body: 'hello' })
  expect(await rig.ask(200, 'GET', `${was}/notes`)).toMatchObject({ items: [note] })
  await rig.ask(204, 'PUT', `${was}/spam`, { spam: true })
  expect(await rig.ask(200, 'GET', `${was}/status`)).toMatchObject({
    ...{ contactId: id, reachable: true },
    spamAt: expect.any(String) as string,
  })
  expect(await rig.get(otherId)).toMatchObject({ id: otherId, mergedInto: id })
})

test('whom a merge cannot join it names', async () => {
  const id = await person('Stays')
  const unknown = newId()
  expect(await merge(id, { otherId: unknown }, 422)).toMatchObject({
    detail: `otherId: there is no contact ${unknown}`,
  })
  expect(await merge(id, { otherId: id }, 422)).toMatchObject({ detail: 'otherId: is the contact itself' })
})
