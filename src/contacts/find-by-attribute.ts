import { forkFor, type Em } from '../db/orm.ts'
import { adHoc } from '../db/prepared-statements.ts'
import type { Deps } from '../deps.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import { compileCondition } from '../segments/compile-condition.ts'
import { sql } from '../segments/fragment.ts'
import { listDefinitions } from './attribute-definitions.ts'
import { listDetails, type ContactDetail } from './find-contacts.ts'

/**
 * A page of the contacts whose attribute has this value, the oldest first.
 * @param name of a system attribute or a declared one, whatever its case, `_` and `-`; nobody has one that is not declared
 */
export async function findByAttribute(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; name: string; value: string; from: number; limit: number },
): Promise<ContactDetail[]> {
  const { workspaceId, value, from, limit } = input
  const em = forkFor(deps.orm, workspaceId)
  const path = await pathOf(em, workspaceId, input.name)
  if (path === undefined) return []
  const fits = compileCondition(
    { kind: 'compare', path, operator: 'equals', value },
    { workspaceId, nowMs: Date.now(), few: true },
  )
  const page = sql`select c.id from contacts c where c.workspace_id = ${workspaceId}::uuid and c.merged_into is null
    and ${fits} order by c.id offset ${from}::int limit ${limit}::int`
  const ids = (await em.execute<{ id: string }[]>(adHoc + page.sql, page.params)).map(({ id }) => id)
  const byId = new Map((await listDetails(em, workspaceId, ids)).map((detail) => [detail.id, detail]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

async function pathOf(em: Em, workspaceId: string, name: string): Promise<string | undefined> {
  const wanted = fold(name)
  const system = systemAttributes.find((each) => fold(each.name) === wanted)
  if (system) return `contact.${system.name}`
  const custom = (await listDefinitions(em, workspaceId)).find((each) => fold(each.name) === wanted)
  return custom && `contact.attributes.${custom.name}`
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}
