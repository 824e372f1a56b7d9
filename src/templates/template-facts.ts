import { recordFacts } from '../analytics/facts.ts'
import { derivedId, newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import type { TemplateRow } from './template-row.ts'

type Named = Pick<TemplateRow, 'id' | 'name' | 'language'>

/** That something happened to a template, with what or who caused it. */
export async function recordTemplateFact(
  em: Em,
  workspaceId: string,
  { id, name, language }: Named,
  fact: { kind: string; data: JsonObject; atMs?: number; once?: string },
): Promise<void> {
  const { kind, data, atMs = Date.now(), once } = fact
  await recordFacts(em, workspaceId, [
    {
      // An event that comes twice is one fact.
      id: once === undefined ? newId() : onceId(workspaceId, id, kind, once),
      atMs,
      kind: `template.${kind}`,
      data: { template: id, name, language, ...data },
    },
  ])
}

/** Whether an event was taken before: among events of one second only this tells a repetition from a change back. */
export async function hasTemplateFact(
  em: Em,
  workspaceId: string,
  { id }: Named,
  kind: string,
  once: string,
): Promise<boolean> {
  const rows = await em.execute<object[]>('select 1 from facts where id = ? and workspace_id = ?', [
    onceId(workspaceId, id, kind, once),
    workspaceId,
  ])
  return rows.length > 0
}

function onceId(workspaceId: string, id: string, kind: string, once: string): string {
  return derivedId(workspaceId, id, kind, once)
}
