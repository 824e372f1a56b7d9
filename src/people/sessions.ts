import { randomBytes, randomInt } from 'node:crypto'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Actor } from '../kit/route.ts'
import { hashSecret } from '../kit/seal.ts'
import { Session } from './entities.ts'
import { actorColumns, readActor, type ActorRow } from './read-actor.ts'

export interface SessionUser {
  id: string
  workspaceId: string
  username: string
  role: 'admin' | 'user' | 'app'
}
/** Where a session was opened from, for the list that its user sees. */
export interface Device {
  address?: string | undefined
  userAgent?: string | undefined
}
export interface OpenedSession {
  token: string
  /** Writes of this session must bring it along; null of the platform's, which look at the origin. */
  csrfToken: string | null
  expiresAt: Date
  user: SessionUser
}
export interface FoundSession {
  actor: Actor
  sessionId: string
  csrfHash: string | null
  expiresAt: Date
}

/** The platform's tokens name what they are; Wabbit's look as its callers expect: 32 small letters and digits. */
export const sessionKinds = {
  platform: { pattern: /^drips_[A-Za-z0-9_-]{43}$/, lifetimeMs: 7 * 24 * 60 * 60_000 },
  wabbit: { pattern: /^[a-z0-9]{32}$/, lifetimeMs: 14 * 24 * 60 * 60_000 },
}
type SessionKind = keyof typeof sessionKinds
const csrfLength = 64
const userAgentLength = 400
/** One write a minute tells well enough who is there. */
const seenEveryMs = 60_000

/** A session for somebody who has shown who they are. */
export async function createSession(
  { orm }: Pick<Deps, 'orm'>,
  user: SessionUser,
  { kind = 'platform', address, userAgent }: Device & { kind?: SessionKind } = {},
): Promise<OpenedSession> {
  const { id, workspaceId, username, role } = user
  const isOurs = kind === 'platform'
  const token = isOurs ? `drips_${randomBytes(32).toString('base64url')}` : draw(32)
  const csrfToken = isOurs ? null : draw(csrfLength)
  const expiresAt = new Date(Date.now() + sessionKinds[kind].lifetimeMs)
  await forkFor(orm, workspaceId).insert(Session, {
    ...{ id: newId(), userId: id, workspaceId, kind, tokenHash: hashSecret(token), expiresAt },
    csrfHash: csrfToken && hashSecret(csrfToken),
    address: address ?? null,
    userAgent: userAgent?.slice(0, userAgentLength) ?? null,
    createdAt: new Date(),
    lastSeenAt: new Date(),
  })
  return { token, csrfToken, expiresAt, user: { id, workspaceId, username, role } }
}

type FoundRow = ActorRow & { sessionId: string; csrfHash: string | null; expiresAtMs: number; isDue: boolean }

/** Whose session a token opens; the role is read each time, so that a change holds at once. */
export async function findSession(
  deps: Pick<Deps, 'orm' | 'background'>,
  token: string,
  kind: SessionKind = 'platform',
): Promise<FoundSession | undefined> {
  if (!sessionKinds[kind].pattern.test(token)) return undefined
  const [row] = await deps.orm.em.fork().execute<FoundRow[]>(
    `select s.id as "sessionId", s.csrf_hash as "csrfHash", ${actorColumns},
       (extract(epoch from s.expires_at) * 1000)::float8 as "expiresAtMs",
       s.last_seen_at is null or s.last_seen_at < now() - interval '${seenEveryMs} ms' as "isDue"
     from sessions s join users u on u.id = s.user_id left join roles r on r.id = u.role_id
     where s.token_hash = ? and s.kind = ? and s.expires_at > now()
       and u.activated_at is not null and u.deactivated_at is null`,
    [hashSecret(token), kind],
  )
  if (!row) return undefined
  if (row.isDue) noteSeen(deps, row)
  const { sessionId, csrfHash, expiresAtMs } = row
  return { actor: { ...readActor(row), sessionId }, sessionId, csrfHash, expiresAt: new Date(expiresAtMs) }
}

export async function closeSession({ orm }: Pick<Deps, 'orm'>, token: string): Promise<void> {
  await orm.em.fork().nativeDelete(Session, { tokenHash: hashSecret(token) }, { filters: false })
}

/** Out of the request's way. */
function noteSeen({ orm, background }: Pick<Deps, 'orm' | 'background'>, row: FoundRow): void {
  background.run('when a user was seen last', () =>
    orm.em.fork().execute(
      `with seen as (
         update sessions set last_seen_at = now() where id = ? and workspace_id = ? returning user_id, workspace_id)
       update users u set last_seen_at = now() from seen where u.id = seen.user_id and u.workspace_id = seen.workspace_id`,
      [row.sessionId, row.workspaceId],
    ),
  )
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

function draw(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}
