import { randomBytes, randomInt } from 'node:crypto'
import { createBlock } from './blocks/manage-blocks.ts'
import { createCampaign } from './campaigns/save-campaign.ts'
import { compose, dispose } from './compose.ts'
import type { Config } from './config.ts'
import { forkFor } from './db/orm.ts'
import type { Deps } from './deps.ts'
import { createEventType } from './events/event-types.ts'
import { createJourney } from './journeys/manage-journeys.ts'
import { publishJourney } from './journeys/publish-journey.ts'
import type { Interactive } from './model/interactive.ts'
import { createApiKey } from './settings/api-keys.ts'
import { makeDemoTeam, withFreeName, type DemoTeam } from './people/demo-team.ts'
import { User } from './people/entities.ts'
import { PhoneNumber, Workspace } from './settings/entities.ts'
import { findCustomerId } from './settings/find-bot.ts'
import { createNumber } from './settings/manage-numbers.ts'
import { createSession, findSession } from './people/sessions.ts'
import { createUser } from './people/users.ts'
import { createWorkspace } from './settings/workspaces.ts'
import { installStarter } from './templates/install-starter.ts'

/** What `DATA_DIR/demo.json` holds. */
export interface Demo extends Urls {
  workspaceId: string
  apiKey: string
  admin: { username: string; password: string; token: string }
  team: DemoTeam
  bot: { customerId: string; botRef: string; key: string }
  /** For Chatman's public API. */
  chatman: { key: string }
  /** For Chat Inc's. */
  chatinc: { key: string }
  whatsapp: {
    phoneNumberId: string
    wabaId: string
    displayNumber: string
    appSecret: string
    verifyToken: string
  }
}
interface Urls {
  baseUrl: string
  sandboxUrl: string
  temporalAddress: string
  temporalUiUrl: string
  databaseUrl: string
}

/** Makes the demo workspace once. One that is there already keeps its credentials and moves to the new addresses. */
export async function seedDemo(config: Config, places: Urls & { previous?: PreviousDemo }): Promise<Demo> {
  const { previous, ...urls } = places
  const deps = await compose(config, 'seed')
  try {
    const kept = previous && (await keepDemo(deps, previous))
    return { ...(kept ?? (await makeDemo(deps))), ...urls }
  } finally {
    await dispose(deps)
  }
}

type Belongings = Omit<Demo, keyof Urls>
/** As an earlier version of the product may have left it. */
type PreviousDemo = Omit<Demo, 'chatman' | 'chatinc' | 'team'> & Partial<Demo>

/** A token that ends within a day would end under somebody's hands. */
const renewBeforeMs = 24 * 60 * 60_000

async function keepDemo(deps: Deps, previous: PreviousDemo): Promise<Belongings | undefined> {
  const { workspaceId, bot } = previous
  const workspace = await deps.orm.em.fork().findOne(Workspace, workspaceId)
  if (!workspace) return undefined
  const { phoneNumberId } = previous.whatsapp
  const number = await forkFor(deps.orm, workspaceId).findOne(PhoneNumber, { phoneNumberId })
  if (!number) return undefined
  return {
    ...previous,
    bot: { ...(await nameBot(deps, workspaceId, number)), key: bot.key },
    chatman: previous.chatman ?? { key: await makeKey(deps, workspaceId, number.id, 'chatman') },
    chatinc: previous.chatinc ?? { key: await makeKey(deps, workspaceId, number.id, 'chatinc') },
    admin: await keepAdmin(deps, previous),
    team: previous.team ?? (await makeDemoTeam(deps, workspaceId)),
  }
}

/** What stands in the paths of Engati's API. */
async function nameBot(deps: Deps, workspaceId: string, { botRef }: { botRef: string }) {
  return { customerId: await findCustomerId(deps, workspaceId), botRef }
}

async function keepAdmin(deps: Deps, { workspaceId, admin }: PreviousDemo): Promise<Demo['admin']> {
  const session = await findSession(deps, admin.token)
  if (session && session.expiresAt.getTime() > Date.now() + renewBeforeMs) return admin
  const user = await forkFor(deps.orm, workspaceId).findOne(User, { username: admin.username })
  return user ? { ...admin, token: (await createSession(deps, user)).token } : admin
}

const keyNames = { chatman: 'Demo Chatman API', chatinc: 'Demo Chat Inc API' }

async function makeKey(
  deps: Deps,
  workspaceId: string,
  numberId: string,
  kind: keyof typeof keyNames,
): Promise<string> {
  return (await createApiKey(deps, { workspaceId, name: keyNames[kind], kind, numberId })).key
}

async function makeDemo(deps: Deps): Promise<Belongings> {
  const workspaceId = await createWorkspace(deps, 'Demo')
  const admin = await makeAdmin(deps, workspaceId)
  const team = await makeDemoTeam(deps, workspaceId)
  const whatsapp = {
    phoneNumberId: String(randomInt(1e14, 2 ** 47)),
    wabaId: String(randomInt(1e14, 2 ** 47)),
    displayNumber: `1555${randomInt(1e6, 1e7)}`,
    appSecret: randomBytes(16).toString('hex'),
    verifyToken: randomBytes(16).toString('hex'),
  }
  const number = await createNumber(deps, workspaceId, {
    ...whatsapp,
    portfolioId: '',
    // The sandbox takes this one from anybody.
    accessToken: 'sandbox-token',
    messagesPerSecond: 80,
  })
  const platform = await createApiKey(deps, { workspaceId, name: 'Demo', kind: 'platform' })
  const bot = await createApiKey(deps, { workspaceId, name: 'Demo bot', kind: 'engati', numberId: number.id })
  const attributes = { order_id: 'string', total: 'float' }
  await createEventType(deps, { workspaceId, name: 'order_placed', attributes })
  const input = { workspaceId, numberId: number.id, name: 'Welcome', draft: welcome }
  const { id: journeyId } = await createJourney(deps, input)
  await publishJourney(deps, { workspaceId, journeyId })
  for (const block of demoBlocks) await createBlock(deps, { workspaceId, ...block })
  for (const id of ['order_shipped', 'appointment_reminder', 'free_shipping'])
    await installStarter(deps, { workspaceId, wabaId: whatsapp.wabaId, id, language: 'en', by: 'demo' })
  const campaign = { workspaceId, numberId: number.id, name: 'Free shipping', draft: freeShipping }
  await createCampaign(deps, { ...campaign, kind: 'one-time', by: 'demo' })
  const chatman = { key: await makeKey(deps, workspaceId, number.id, 'chatman') }
  const chatinc = { key: await makeKey(deps, workspaceId, number.id, 'chatinc') }
  const ids = await nameBot(deps, workspaceId, number)
  return {
    workspaceId,
    apiKey: platform.key,
    admin,
    team,
    bot: { ...ids, key: bot.key },
    chatman,
    chatinc,
    whatsapp,
  }
}

async function makeAdmin(deps: Deps, workspaceId: string): Promise<Demo['admin']> {
  const password = randomBytes(15).toString('base64url')
  return withFreeName('admin', async (username) => {
    const user = await createUser(deps, { workspaceId, username, password, role: 'admin' })
    return { username, password, token: (await createSession(deps, user)).token }
  })
}

/** Its template is a draft still: once it is submitted, the sandbox approves it and the campaign can be launched. */
const freeShipping = {
  audience: { include: [{ kind: 'all' }] },
  variants: [
    {
      id: 'offer',
      message: {
        kind: 'template',
        name: 'free_shipping',
        values: { body: { 1: '{{contact.first_name | "there"}}', 2: 'Sunday' } },
      },
    },
  ],
  holdOut: 0.05,
  schedule: { kind: 'now' },
}

const demoBlocks: { name: string; content: Interactive }[] = [
  {
    name: 'What is it about?',
    content: {
      type: 'list',
      body: { text: 'Hello {{contact.first_name | "there"}}, what is it about?' },
      footer: { text: 'Somebody will answer within the hour' },
      action: {
        button: 'Choose',
        sections: [
          {
            title: 'My order',
            rows: [
              { id: 'where', title: 'Where is it?', description: 'Status and delivery' },
              { id: 'return', title: 'Return or exchange' },
            ],
          },
          { title: 'Something else', rows: [{ id: 'talk', title: 'Talk to somebody' }] },
        ],
      },
    },
  },
  {
    name: 'Did that help?',
    content: {
      type: 'button',
      body: { text: 'Did that help, {{contact.first_name | "friend"}}?' },
      action: {
        buttons: [
          { type: 'reply', reply: { id: 'yes', title: 'Yes, thanks' } },
          { type: 'reply', reply: { id: 'no', title: 'Not yet' } },
        ],
      },
    },
  },
]

const welcome = {
  start: 'greet',
  triggers: [{ type: 'user-utterance', keywords: ['hello'], match: 'exact' }],
  entry: { reentry: 'while-not-inside' },
  messageClass: 'utility',
  cards: {
    greet: {
      type: 'interactive-message',
      title: 'Greet by name',
      settings: {
        body: 'Hello {{contact.first_name | "there"}}, shall we keep you posted about new things?',
        buttons: [
          { id: 'yes', title: 'Yes' },
          { id: 'no', title: 'No' },
        ],
        reminder: {
          after: { amount: 60, unit: 'minutes' },
          text: 'Just in case you missed it: shall we keep you posted? Yes or No is enough.',
        },
        timeout: { amount: 2, unit: 'hours' },
      },
      next: { 'button:yes': 'great', 'button:no': 'no-problem', other: null, timeout: null, failed: null },
      position: { x: 0, y: 0 },
    },
    great: {
      type: 'message',
      title: 'Yes',
      settings: { text: 'Great, {{contact.first_name | "friend"}}! You will be the first to know.' },
      next: { next: null, failed: null },
      position: { x: 320, y: -120 },
    },
    'no-problem': {
      type: 'message',
      title: 'No',
      settings: { text: 'No problem. Write “hello” whenever you change your mind.' },
      next: { next: null, failed: null },
      position: { x: 320, y: 120 },
    },
  },
}
