import { toAccess } from '../conversations/access.ts'
import { listen } from '../db/listen.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { findPeople } from '../people/find-people.ts'
import type { Caller } from './who-calls.ts'

/** A socket whose caller may lose what it may. */
export interface Admitted {
  caller: Caller
  /** It may come again at once, with what it may now. */
  dismiss(): void
}

/** Triggers of users, groups, roles, sessions and keys notify it: whoever changes one of them cannot forget it. */
const channel = 'dripline_rights'
/** The net under the triggers, and what ends sessions that run out. */
const roundMs = 30_000

/** Ends the sockets of this process whose sessions, keys or rights end, at once, wherever that is decided. */
export function keepRights(
  deps: Deps,
  admitted: ReadonlySet<Admitted>,
): { check(each: Admitted): Promise<void>; stop(): Promise<void> } {
  function hear(said: string | undefined): void {
    if (said === undefined) return checkSoon()
    const [kind, id] = said.split(' ')
    for (const each of admitted) {
      const { actor, sessionId } = each.caller
      const isMeant = kind === 'session' ? sessionId === id : actor.kind === kind && actor.id === id
      if (isMeant) each.dismiss()
    }
  }

  function checkSoon(): void {
    if (admitted.size > 0) deps.background.run('rights of open sockets', () => dismissChanged(deps, admitted))
  }

  const listener = listen(deps.config.DATABASE_URL ?? '', channel, deps.log, hear)
  const rounds = setInterval(checkSoon, roundMs).unref()
  return {
    check: (each) => dismissChanged(deps, new Set([each])),
    async stop() {
      clearInterval(rounds)
      await listener.stop()
    },
  }
}

async function dismissChanged(deps: Deps, admitted: ReadonlySet<Admitted>): Promise<void> {
  const byWorkspace = Map.groupBy(admitted, ({ caller }) => caller.access.workspaceId)
  for (const [workspaceId, own] of byWorkspace) {
    const em = forkFor(deps.orm, workspaceId)
    const users = own.flatMap(({ caller: { actor } }) => (actor.kind === 'user' ? [actor.id] : []))
    const people = await findPeople(em, workspaceId, users)
    const live = await findLive(deps, workspaceId, own)
    for (const each of own) {
      const { actor, access, sessionId } = each.caller
      const person = people.get(actor.id)
      const isSame =
        actor.kind === 'key' ||
        (person?.isDeactivated === false &&
          JSON.stringify(toAccess(workspaceId, person)) === JSON.stringify(access))
      const isOpen =
        actor.kind === 'key' ? live.has(actor.id) : sessionId === undefined || live.has(sessionId)
      if (!isSame || !isOpen) each.dismiss()
    }
  }
}

/** The sessions and keys of the sockets that still open something. */
async function findLive(deps: Deps, workspaceId: string, own: Admitted[]): Promise<Set<string>> {
  const ids = own.map(({ caller: { actor, sessionId } }) => (actor.kind === 'key' ? actor.id : sessionId))
  const rows = await forkFor(deps.orm, workspaceId).execute<{ id: string }[]>(
    `with asked as (select value::uuid as id from jsonb_array_elements_text(?::jsonb))
     select s.id from sessions s join asked on asked.id = s.id where s.workspace_id = ? and s.expires_at > now()
     union all
     select k.id from api_keys k join asked on asked.id = k.id where k.workspace_id = ? and k.revoked_at is null`,
    [JSON.stringify(ids.filter((id) => id !== undefined)), workspaceId, workspaceId],
  )
  return new Set(rows.map(({ id }) => id))
}
