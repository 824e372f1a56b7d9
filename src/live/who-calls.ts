import type { IncomingMessage } from 'node:http'
import type { Config } from '../config.ts'
import { readAccess, type ChatAccess } from '../conversations/access.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { Authenticate } from '../kit/auth.ts'
import { hashSecret } from '../kit/seal.ts'
import type { Actor } from '../kit/route.ts'

/** Who is at the other end of a socket, and what ends that. */
export interface Caller {
  actor: Actor
  access: ChatAccess
  /** Null of a platform key. */
  user: { id: string; name: string } | null
  sessionId: string | undefined
}

/** Undefined of a token that opens nothing (any more). */
export async function whoCalls(
  deps: Deps,
  authenticate: Authenticate,
  token: string,
): Promise<Caller | undefined> {
  const actor = await authenticate(token)
  if (!actor) return undefined
  const em = forkFor(deps.orm, actor.workspaceId)
  const access = await readAccess(em, actor)
  if (actor.kind === 'key') return { actor, access, user: null, sessionId: undefined }
  const [row] = await em.execute<{ name: string; session_id: string | null }[]>(
    `select coalesce(nullif(btrim(concat_ws(' ', u.first_name, u.last_name)), ''), u.username) as name,
       (select s.id from sessions s where s.user_id = u.id and s.token_hash = ?) as session_id
     from users u where u.id = ? and u.workspace_id = ?`,
    [hashSecret(token), actor.id, actor.workspaceId],
  )
  if (!row) return undefined
  return { actor, access, user: { id: actor.id, name: row.name }, sessionId: row.session_id ?? undefined }
}

type OriginConfig = Pick<Config, 'PUBLIC_URL' | 'SECURE_COOKIES' | 'TRUST_PROXY_HOPS'>

/** Browsers say by themselves whose page opens a socket, and bring the cookie along for any. */
export function isOwnOrigin({ headers }: IncomingMessage, config: OriginConfig): boolean {
  const { origin } = headers
  const forwarded = config.TRUST_PROXY_HOPS > 0 ? headers['x-forwarded-host'] : undefined
  const host = (typeof forwarded === 'string' ? forwarded : undefined) ?? headers.host
  const own = config.PUBLIC_URL === undefined ? undefined : new URL(config.PUBLIC_URL).origin
  const scheme = config.SECURE_COOKIES ? ['https'] : ['http', 'https']
  return origin !== undefined && [...scheme.map((name) => `${name}://${host}`), own].includes(origin)
}
