import type { Em } from '../db/orm.ts'
import type { TemplateContent } from '../model/template-components.ts'
import { type LintProblem, lintTemplate } from '../model/template-lint.ts'

/** Judges a template beside the others of its account. */
export async function lintBeside(
  em: Em,
  workspaceId: string,
  wabaId: string | undefined,
  content: TemplateContent,
): Promise<LintProblem[]> {
  const body = content.components.find((one) => one.type === 'BODY')?.text
  const rows =
    wabaId === undefined || !body
      ? []
      : await em.execute<{ name: string; text: string }[]>(
          `select t.name, c.value->>'text' as text from templates t, jsonb_array_elements(t.components) c
           where t.workspace_id = ? and t.waba_id = ? and t.name <> ? and t.language = ? and t.deleted_at is null
             and t.status not in ('deleted', 'pending_deletion') and c.value->>'type' = 'BODY'
             and lower(regexp_replace(trim(c.value->>'text'), '\\s+', ' ', 'g')) =
               lower(regexp_replace(trim(?), '\\s+', ' ', 'g')) limit 1`,
          [workspaceId, wabaId, content.name, content.language, body],
        )
  return lintTemplate(content, { bodies: rows })
}
