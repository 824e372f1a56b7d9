import { claimContacts } from '../../src/contacts/claim-contacts.ts'
import { forkFor } from '../../src/db/orm.ts'
import { openContacts, type ContactRig } from './contact-rig.ts'

let rig: ContactRig

beforeAll(async () => {
  rig = await openContacts()
})
afterAll(() => rig.api.close())

interface Sender {
  waId?: string
  bsuid?: string
  parentBsuid?: string
  username?: string
}
const meet = async (...senders: Sender[]) => {
  const { workspaceId } = rig.ours
  const claims = senders.map((sender) => ({
    waId: undefined,
    bsuid: undefined,
    profileName: undefined,
    portfolioId: 'p',
    ...sender,
  }))
  const { contactIds } = await forkFor(rig.api.deps.orm, workspaceId).transactional((em) =>
    claimContacts(em, workspaceId, claims),
  )
  return contactIds
}
const usernames = async () =>
  (
    await rig.rows<{ name: string }>(
      `select value || ' ' || contact_id as name from identities where kind = 'username' and valid_to is null order by 1`,
    )
  ).map(({ name }) => name)

test('a username is whose it was told last, and a contact has one at a time', async () => {
  const [ann, bob] = await meet(
    { waId: '491700020001', username: 'ann' },
    { waId: '491700020002', username: 'bob' },
  )
  expect(await usernames()).toEqual([`ann ${ann}`, `bob ${bob}`])
  expect(
    await meet({ waId: '491700020001', username: 'bob' }, { waId: '491700020002', username: 'ann' }),
  ).toEqual([ann, bob])
  expect(await usernames()).toEqual([`ann ${bob}`, `bob ${ann}`])
  await meet({ waId: '491700020001', username: 'ann_2' }, { waId: '491700020001', username: 'ann_2' })
  expect(await usernames()).toEqual([`ann ${bob}`, `ann_2 ${ann}`])
  const before = await rig.rows('select * from identities')
  await meet({ waId: '491700020001', username: 'ann_2' })
  expect(await rig.rows('select * from identities')).toEqual(before)
})

test('a parent id finds the person in another portfolio', async () => {
  const [first] = await meet({ bsuid: 'DE.one', parentBsuid: 'DE.ENT.parent' })
  expect(await meet({ bsuid: 'DE.two', parentBsuid: 'DE.ENT.parent' })).toEqual([first])
  expect((await rig.get(first ?? '')).identities.map(({ kind, value }) => `${kind} ${value}`)).toEqual(
    expect.arrayContaining(['bsuid DE.one', 'bsuid DE.two', 'parent_bsuid DE.ENT.parent']),
  )
})

test('many who are new at once are told of in one go each', async () => {
  const senders = Array.from({ length: 50 }, (_, at) => ({ waId: String(491_700_030_000 + at) }))
  const ids = await meet(...senders, ...senders)
  expect(new Set(ids).size).toBe(50)
  expect(
    await rig.rows(`select 1 from events where type = 'contact_created' and contact_id = any($1)`, [ids]),
  ).toHaveLength(50)
  expect(
    await rig.rows(`select 1 from facts where kind = 'contact.created' and contact_id = any($1)`, [ids]),
  ).toHaveLength(50)
})
