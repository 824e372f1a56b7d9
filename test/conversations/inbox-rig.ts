import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { createIntake, type Intake } from '../../src/inbox/intake.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { routes as peopleRoutes } from '../../src/people/routes.ts'
import { routes as takeoverRoutes } from '../../src/takeover/routes.ts'
import { createSession } from '../../src/people/sessions.ts'
import { createUser } from '../../src/people/users.ts'
import type { NumberAccess } from '../../src/settings/numbers.ts'
import { openWorkspaceApi } from '../support/workspace-api.ts'

export type InboxRig = Awaited<ReturnType<typeof openInboxRig>>

/** The inbox' routes over a database of its own, people who work in it, and customers who write. */
export async function openInboxRig() {
  const rig = await openWorkspaceApi([
    ...conversationRoutes,
    ...inboxRoutes,
    ...contactRoutes,
    ...takeoverRoutes,
    ...analyticsRoutes,
    ...peopleRoutes,
  ])
  const numberId = await rig.addNumber()
  const { workspaceId } = rig.ours
  const intake = createIntake(rig.deps)
  const number = {
    ...{
      id: numberId,
      workspaceId,
      phoneNumberId: numberId,
      wabaId: '1',
      portfolioId: '',
      displayNumber: '1',
    },
    ...{ accessToken: '', appSecret: '', identityCheck: false, verifyTokenHash: '', messagesPerSecond: 80 },
  }
  const inbox = { ...rig, numberId, workspaceId, intake, number }
  return { ...inbox, ...staff(inbox), ...customers(inbox), ...traces(inbox) }
}
type Inbox = Awaited<ReturnType<typeof openWorkspaceApi>> & {
  numberId: string
  workspaceId: string
  number: NumberAccess
  intake: Intake
}

/** People who work here. */
function staff({ deps, rows, workspaceId }: Inbox) {
  return {
    /** Somebody, signed in. */
    async hire(name: string, role: 'admin' | 'user' | 'app' = 'user') {
      const username = `${name}${newId().slice(-6)}`
      const user = await createUser(deps, { workspaceId, username, password: `secret-${newId()}`, role })
      return { id: user.id, username, token: (await createSession(deps, user)).token }
    },
    async team(name: string, members: string[] = []) {
      const id = newId()
      await rows('insert into groups (id, workspace_id, name) values ($1, $2, $3)', [id, workspaceId, name])
      for (const userId of members) {
        const member = [id, userId, workspaceId]
        await rows('insert into group_members (group_id, user_id, workspace_id) values ($1, $2, $3)', member)
      }
      return id
    },
  }
}

/** People who write. */
function customers({ rows, intake, number, deps }: Inbox) {
  let people = 0
  /** A customer writes, or writes again. */
  async function hear(waId: string, text = 'hello', wamid = `wamid.${newId()}`, taker = intake) {
    const atMs = Date.now()
    const timestamp = String(Math.floor(atMs / 1000))
    const raw = { from: waId, id: wamid, timestamp, type: 'text', text: { body: text } }
    const message = { ...stranger, wamid, waId, type: 'text', atMs, raw }
    await taker.add({ number, messages: [message], statuses: [], others: [] })
    const [row] = await rows<{ id: string; contact_id: string; message_id: string }>(
      `select m.conversation_id as id, m.contact_id, m.id as message_id from messages m where m.wamid = $1`,
      [wamid],
    )
    if (!row) throw new Error('the message was not stored')
    const { id, contact_id: contactId, message_id: messageId } = row
    return { id, contactId, messageId, waId, path: `/conversations/${id}` }
  }
  return {
    hear,
    /** As another process has one. */
    newIntake: () => createIntake(deps),
    /** A new customer writes for the first time. */
    newChat: (text?: string) => hear(String(15_550_400_000 + (people += 1)), text),
  }
}
const stranger = {
  ...{ bsuid: undefined, parentBsuid: undefined, username: undefined, profileName: undefined },
  ...{ identityHash: undefined, contextWamid: undefined },
}

/** What happened leaves. */
function traces({ rows }: Inbox) {
  return {
    async facts(contactId: string, kind: string) {
      const found = await rows<{ data: Record<string, unknown> }>(
        'select data from facts where contact_id = $1 and kind = $2 order by at, id',
        [contactId, kind],
      )
      return found.map(({ data }) => data)
    },
    async announced(conversationId: string, kind: string) {
      return rows<{ data: Record<string, unknown> }>(
        'select data from live_events where conversation_id = $1 and kind = $2 order by seq',
        [conversationId, kind],
      )
    },
  }
}
