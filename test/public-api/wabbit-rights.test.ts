import { createSandbox } from '../../integrations/whatsapp/sandbox/sandbox.ts'
import { wabbit } from '../../src/public-api/wabbit.ts'
import { customer, openWabbit, type Member, type WabbitRig } from './wabbit-rig.ts'

let rig: WabbitRig
let ids: Record<'tag' | 'message' | 'media', string | number>
const sandbox = createSandbox({
  ...{ accessTokens: ['sandbox-token'], appSecret: 'a-secret-of-mine' },
  numbers: [
    { phoneNumberId: '100000000000001', wabaId: '200000000000001', displayNumber: '48600000001' },
    { phoneNumberId: '100000000000002', wabaId: '200000000000001', displayNumber: '48600000002' },
  ],
})
beforeAll(async () => {
  const { port } = await sandbox.listen(0)
  rig = await openWabbit({ WHATSAPP_BASE_URL: `http://127.0.0.1:${port}` })
  const { admin } = rig.members
  const message = await rig.say('Hello')
  const tag = await rig.call<{ id: number }>(201, admin, 'POST', '/tags/', { name: 'VIP' })
  const media = await rig.call<{ id: string }>(201, admin, 'POST', '/media/', { file_encoded: png })
  ids = { message, tag: tag.id, media: media.id }
})
afterAll(async () => {
  await rig.close()
  await sandbox.close()
})

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Who asks, and the number by which the names of what they make differ. */
interface Asking {
  who: Member
  nth: number
}
type Asked = [path: string, body?: unknown]
type Expected = [nobody: number, app: number, user: number, admin: number]
const everybody: Expected = [200, 200, 200, 200]
const known: Expected = [403, 200, 200, 200]
const makes: Expected = [403, 201, 201, 201]
const people: Expected = [403, 404, 200, 200]
const admins: Expected = [403, 403, 403, 200]

const chat = `/chats/${customer}`
const profile = {
  ...{ address: 'Rabbit Street', description: 'Carrots', email: 'hi@example.com', vertical: 'Other' },
}
const userPath = ({ who }: Asking) => `/users/${who.number}/`
const current = ({ who }: Asking) => rig.call(200, who, 'GET', '/users/current/')
const tagging = async ({ nth }: Asking, kind: 'chat' | 'message') => {
  const { admin } = rig.members
  const tag = await rig.call<{ id: number }>(201, admin, 'POST', '/tags/', {
    name: `${kind} ${Math.random()} ${nth}`,
  })
  const of = kind === 'chat' ? { chat: customer } : { message: ids.message }
  return rig.call<{ id: number }>(201, admin, 'POST', `/${kind}_tagging/`, { tag: tag.id, ...of })
}
const webhook = { url: 'https://bot.test/hook?auth=shared' }
const ownWebhook = async ({ who }: Asking) => {
  const [row] = await rig.sql<{ number: number }>(
    "select number::int from webhook_endpoints where form = 'wabbit' and user_id = $1",
    [who.id],
  )
  return `/waba_webhooks/${row?.number ?? 0}/`
}
const template = (nth: number) => ({
  ...{ name: `hello_${nth}`, category: 'UTILITY', language: 'en' },
  components: [{ type: 'BODY', text: 'Hello there.' }],
})

/**
 * What each asks of each row, and what everybody gets: nobody, an app, a user and an admin, by the default permissions. The
 * chat is nobody's: all people read it, an app reads only what it was given, and none but admins write into it.
 */
const table: Record<string, [Expected, (asking: Asking) => Asked | Promise<Asked>]> = {
  'Obtain a Token': [
    [400, 200, 200, 200],
    ({ who: { username, password } }) => [
      '/auth/token/',
      { username: username || 'eve', password: password || 'x' },
    ],
  ],
  'API Root': [everybody, () => ['/']],
  'Login Form': [everybody, () => ['/login/']],
  'Log In': [everybody, () => ['/login/', { username: 'eve', password: 'wrong' }]],
  'Activate User': [[404, 404, 404, 404], () => ['/users/activate/nonsense/']],
  'List Users': [known, () => ['/users/']],
  'Create User': [[403, 403, 403, 201], ({ nth }) => ['/users/', { username: `new${nth}` }]],
  'Retrieve Current User': [known, () => ['/users/current/']],
  'Retrieve User': [known, () => [`/users/${rig.members.ben.number}/`]],
  'Update User': [known, async (asking) => [userPath(asking), asking.nth > 0 ? await current(asking) : {}]],
  'Partial Update User': [known, (asking) => [userPath(asking), { first_name: 'Ann' }]],
  'Change Own Password': [
    known,
    ({ who: { password } }) => [
      '/users/current/password/change/',
      { current_password: password, new_password: password },
    ],
  ],
  'Change Password': [
    admins,
    () => [`/users/${rig.members.ben.number}/password/change/`, { password: 'rabbit-hole-7' }],
  ],
  'List Groups': [known, () => ['/groups/']],
  'List Chats': [known, () => ['/chats/']],
  'Retrieve Chat': [people, () => [`${chat}/`]],
  'Retrieve Chat Assignment': [people, () => [`${chat}/assignment/`]],
  'Update Chat Assignment': [people, () => [`${chat}/assignment/`, {}]],
  'Partial Update Chat Assignment': [people, () => [`${chat}/assignment/`, { assigned_to_user: null }]],
  'List Chat Assignment Events': [known, () => ['/chat_assignment_events/']],
  'Mark as Received': [
    [403, 404, 201, 201],
    () => ['/mark_as_received/', { timestamp: 1_700_000_000, customer_wa_id: customer }],
  ],
  'List Persons': [known, () => ['/persons/']],
  'Retrieve Person': [people, () => [`/persons/${customer}/`]],
  'List Messages': [known, () => ['/messages/']],
  'List Messages of a Chat': [people, () => [`/messages/${customer}/`]],
  'Create Message': [
    [403, 403, 403, 201],
    () => ['/messages/', { wa_id: customer, text: { body: 'Hello' } }],
  ],
  'List Tags': [known, () => ['/tags/']],
  'Create Tag': [makes, ({ nth }) => ['/tags/', { name: `Tag ${nth}` }]],
  'Retrieve Message Tagging': [
    people,
    async (asking) => [`/message_tagging/${(await tagging(asking, 'message')).id}/`],
  ],
  'Retrieve Chat Tagging': [
    people,
    async (asking) => [`/chat_tagging/${(await tagging(asking, 'chat')).id}/`],
  ],
  'Create Message Tagging': [
    [403, 400, 201, 400],
    () => ['/message_tagging/', { tag: ids.tag, message: ids.message }],
  ],
  'Create Chat Tagging': [[403, 400, 400, 400], () => ['/chat_tagging/', { tag: ids.tag, chat: customer }]],
  'Delete Message Tagging': [
    [403, 404, 204, 204],
    async (asking) => [`/message_tagging/${(await tagging(asking, 'message')).id}/`],
  ],
  'Delete Chat Tagging': [
    [403, 404, 204, 204],
    async (asking) => [`/chat_tagging/${(await tagging(asking, 'chat')).id}/`],
  ],
  'List Message Tagging Events': [known, () => ['/message_tagging_events/']],
  'List Chat Tagging Events': [known, () => ['/chat_tagging_events/']],
  'List WABA Webhooks': [known, () => ['/waba_webhooks/']],
  'Create WABA Webhook': [makes, () => ['/waba_webhooks/', webhook]],
  'Retrieve WABA Webhook': [known, async (asking) => [await ownWebhook(asking)]],
  'Update WABA Webhook': [known, async (asking) => [await ownWebhook(asking), webhook]],
  'Delete WABA Webhook': [[403, 204, 204, 204], async (asking) => [await ownWebhook(asking)]],
  'List Saved Responses': [known, () => ['/saved_responses/']],
  'Create Saved Response': [makes, ({ nth }) => ['/saved_responses/', { text: `Thank you ${nth}` }]],
  'List Templates': [known, () => ['/templates/']],
  'Create Template': [makes, ({ nth }) => ['/templates/', template(nth)]],
  'Retrieve Media': [known, () => [`/media/${ids.media}/`]],
  'Create Media': [makes, () => ['/media/', { file_encoded: png }]],
  'List Contacts': [known, () => ['/contact_providers/contacts/']],
  'Resolve Contact': [known, () => [`/contact_providers/contacts/${customer}/`]],
  'Check Contacts': [known, () => ['/contacts/', { contacts: [customer] }]],
  'Retrieve Business Profile': [known, () => ['/settings/business/profile/']],
  'Update Business Profile': [admins, () => ['/settings/business/profile/', profile]],
  'Partial Update Business Profile': [
    admins,
    () => ['/settings/business/profile/', { address: 'Elsewhere' }],
  ],
  'Update Profile About': [admins, () => ['/settings/profile/about/', { text: 'Carrots' }]],
  'Update Profile Photo': [admins, () => ['/settings/profile/photo/', { file_encoded: png }]],
  'Retrieve Plugin Data': [known, () => ['/plugins/data/?type=http']],
}

test('every row is in the table', () => {
  expect(Object.keys(table).sort()).toEqual(wabbit.routes.map(({ summary }) => summary).sort())
})

test.each(wabbit.routes.map(({ summary, method, path }) => [summary, method.toUpperCase(), path] as const))(
  '%s (%s %s) is for whom it is',
  async (summary, method, path) => {
    const [expected, order] = table[summary] ?? [[], () => ['']]
    const { ann, bot, admin } = rig.members
    const nobody = { ...ann, token: '', username: '', password: '' }
    const answered: number[] = []
    for (const [nth, who] of [nobody, bot, ann, admin].entries()) {
      const [to, body] = await order({ who, nth })
      const answer = await rig.api.ask(method, path.startsWith('/login') ? to : `/api/v1${to}`, {
        headers: nth > 0 ? { authorization: `Token ${who.token}` } : {},
        ...(body !== undefined && { body }),
      })
      answered.push(answer.status)
    }
    expect(answered).toEqual(expected)
  },
)
