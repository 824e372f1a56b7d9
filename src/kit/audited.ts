import type { Request } from 'express'
import type { Deps } from '../deps.ts'
import { errorTable } from '../model/errors.ts'
import { levelOf } from '../model/permissions.ts'
import { audit } from './audit-trail.ts'
import type { Answer } from './idempotency.ts'
import { nameActor } from './name-actor.ts'
import { toAppError } from './problem.ts'
import type { Actor, Route } from './route.ts'

interface Asked {
  route: Route
  actor: Actor
  request: Request
}

const maximumFields = 50
const maximumLength = 200

/** Does a write and notes who did it and how it ended, refused ones too, before it is answered. */
export async function audited(
  deps: Deps,
  asked: Asked,
  work: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const { route, request } = asked
  if (levelOf(route) === 'read' || route.method === 'get' || isUnnoted(route)) return work()
  // A body that is not read to its end takes the connection along, and with it whose it was.
  const origin = { ...asked, address: request.ip }
  const answer = await work().catch(async (thrown: unknown) => {
    await note(deps, origin, errorTable[toAppError(thrown).code].status)
    throw thrown
  })
  const isRepetition = request.res?.get('Idempotency-Replayed') === 'true'
  if (!isRepetition) await note(deps, origin, answer?.status ?? request.res?.statusCode ?? 200, answer?.body)
  return answer
}

function isUnnoted({ auth, audited: isNoted }: Route): boolean {
  return auth === 'none' || isNoted === false
}

async function note(
  deps: Deps,
  { route, actor, request, address }: Asked & { address: string | undefined },
  status: number,
  answered?: unknown,
): Promise<void> {
  const body: unknown = request.body
  await audit(deps, {
    workspaceId: actor.workspaceId,
    actor: nameActor(actor),
    action: route.summary,
    target: {
      ...idsOf(request.params, /./),
      ...idsOf(body),
      ...(route.method === 'post' && idsOf(answered, /^id$/)),
    },
    fields: isRecord(body) ? Object.keys(body).slice(0, maximumFields).map(short) : [],
    status,
    address,
    requestId: typeof request.id === 'string' ? request.id : undefined,
  })
}

/** What names something by its id. */
function idsOf(value: unknown, pattern = /(^id|Id|Ids|_id|_ids)$/): Record<string, unknown> {
  if (!isRecord(value)) return {}
  const found = Object.entries(value).filter(([name]) => pattern.test(name))
  return Object.fromEntries(
    found.flatMap(([name, id]): [string, unknown][] => {
      if (typeof id === 'string' || typeof id === 'number') return [[short(name), short(String(id))]]
      if (!Array.isArray(id)) return []
      const ids = id.filter((each) => typeof each === 'string').slice(0, maximumFields)
      return [[short(name), ids.map(short)]]
    }),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What PostgreSQL cannot keep was refused, and is noted without it. */
function short(text: string): string {
  return text.slice(0, maximumLength).replaceAll('\0', '').toWellFormed()
}
