import { newId } from '../db/columns.ts'
import type { Deps } from '../deps.ts'

/** One change, or try at one: who, what, to what, and how it ended. Names of fields, never what was in them. */
export interface AuditEntry {
  workspaceId: string
  /** `user <id>`, `key <id>` */
  actor: string
  /** The summary of the route, or what else it was in words. */
  action: string
  target: Record<string, unknown>
  fields: string[]
  /** Of HTTP, as it was answered. */
  status: number
  address: string | undefined
  requestId: string | undefined
}

interface Waiting {
  entries: AuditEntry[]
  done: Promise<void>
}
/** Of each database, those who wait for the next statement. */
const waiting = new WeakMap<object, Waiting>()

/**
 * Writes an entry down before its request is answered. Requests that come at once share a statement. A log that cannot be
 * written does not undo what was done: the entry goes to the process' log then.
 */
export async function audit({ orm, log }: Pick<Deps, 'orm' | 'log'>, entry: AuditEntry): Promise<void> {
  const open = waiting.get(orm)
  if (open) {
    open.entries.push(entry)
    return open.done
  }
  const entries = [entry]
  const done = Promise.resolve().then(async () => {
    // Those of this turn of the event loop, and of the statement before.
    await new Promise((resolve) => setImmediate(resolve))
    waiting.delete(orm)
    await insert({ orm, log }, entries)
  })
  waiting.set(orm, { entries, done })
  return done
}

async function insert({ orm, log }: Pick<Deps, 'orm' | 'log'>, entries: AuditEntry[]): Promise<void> {
  try {
    await orm.em.fork().execute(
      `insert into audit_entries (id, workspace_id, actor, action, target, fields, status, address, request_id)
       select e.id, e.workspace_id, e.actor, e.action, e.target,
         array(select jsonb_array_elements_text(e.fields)), e.status, e.address, e.request_id
       from jsonb_to_recordset(?::jsonb) as e(id uuid, workspace_id uuid, actor text, action text, target jsonb,
         fields jsonb, status int, address text, request_id text)`,
      [JSON.stringify(entries.map(toRow))],
    )
  } catch (error) {
    log.error({ err: error, entries }, 'the log of changes could not be written')
  }
}

function toRow({ workspaceId, requestId, address, ...entry }: AuditEntry) {
  return { id: newId(), workspace_id: workspaceId, request_id: requestId, address, ...entry }
}
