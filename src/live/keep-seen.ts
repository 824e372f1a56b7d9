import type { Deps } from '../deps.ts'
import type { Admitted } from './keep-rights.ts'
import type { Caller } from './who-calls.ts'

/** Well below the time after which somebody counts as gone. */
const roundMs = 60_000

/** Whoever has an open socket is there: noted when it opens, and each minute while it is. */
export function keepSeen(
  deps: Deps,
  admitted: ReadonlySet<Admitted>,
): { note(caller: Caller): void; stop(): Promise<void> } {
  function note(callers: readonly Caller[]): void {
    const ids = new Set(callers.flatMap(({ user }) => user?.id ?? []))
    if (ids.size === 0) return
    deps.background.run('who is there', () =>
      deps.orm.em.fork().execute(
        `update users set last_seen_at = now()
         where id in (select jsonb_array_elements_text(?::jsonb)::uuid)
           and (last_seen_at is null or last_seen_at < now() - interval '30 seconds')`,
        [JSON.stringify([...ids])],
      ),
    )
  }
  const rounds = setInterval(() => note([...admitted].map(({ caller }) => caller)), roundMs).unref()
  return {
    note: (caller) => note([caller]),
    async stop() {
      clearInterval(rounds)
    },
  }
}
