import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import { variableKey } from '../model/variable-key.ts'
import { joined, sql, type Fragment } from '../segments/fragment.ts'

/** A campaign that would miss something. */
export interface CampaignUse {
  kind: 'campaign'
  id: string
  name: string
}

const maximumUses = 20

/**
 * Campaigns that need it still, newest first: those that go on by themselves, and runs that are not over or that something is
 * to follow from.
 * @param drafts whether those that were never launched count too
 */
export async function findCampaignUses(
  em: Em,
  workspaceId: string,
  id: string,
  { drafts = false } = {},
): Promise<CampaignUse[]> {
  const names = await loadNames(em, workspaceId, id)
  const isDraft = drafts
    ? sql`c.state = 'draft' and c.last_run_number = 0 and c.archived_at is null`
    : sql`false`
  const query = sql`select 'campaign' as kind, c.id, c.name from campaigns c where c.workspace_id = ${workspaceId}::uuid
    and ((${isDraft} or c.kind <> 'one-time' and c.state in ('scheduled', 'active', 'paused'))
      and ${isNamedIn(names, 'c.draft')} or ${isNamedInRun(names)}) order by c.id desc limit ${maximumUses}::int`
  return em.execute<CampaignUse[]>(query.sql, query.params)
}

/** Refuses when a campaign needs it still. */
export async function refuseUsed(
  em: Em,
  workspaceId: string,
  { id, what, ...who }: { id: string; what: string; drafts?: boolean },
): Promise<void> {
  const uses = await findCampaignUses(em, workspaceId, id, who)
  if (uses.length === 0) return
  const where = uses.map(({ name }) => `"${name}"`).join(', ')
  throw new AppError('conflict', `${what} is used by the campaigns ${where}`, { details: { uses } })
}

/** The condition on `campaigns c` that it names something: in its draft, or in a run that is not over. */
export async function namesSomething(em: Em, workspaceId: string, id: string): Promise<Fragment> {
  const names = await loadNames(em, workspaceId, id)
  return sql`(${isNamedIn(names, 'c.draft')} or ${isNamedInRun(names)})`
}

/** By what a definition names it: its id; a group by its ref or name too; a template by its name, of one account only. */
interface Names {
  texts: string[]
  template: { name: string; wabaId: string } | undefined
}

async function loadNames(em: Em, workspaceId: string, id: string): Promise<Names> {
  const [group] = await em.execute<{ ref: string; name: string }[]>(
    'select ref, name from variable_groups where workspace_id = ? and id = ?',
    [workspaceId, id],
  )
  const [template] = await em.execute<{ name: string; wabaId: string }[]>(
    'select name, waba_id as "wabaId" from templates where workspace_id = ? and id = ?',
    [workspaceId, id],
  )
  const called = group ? [group.ref, group.name].map((name) => `groups.${variableKey(name)}.`) : []
  return { texts: [id, ...called], template }
}

const templatePath =
  '$.**?(@.message.kind == "template" && (@.message.name == $name || @.message.fallback.name == $name))'

function isNamedIn({ texts, template }: Names, column: 'c.draft' | 'r.definition'): Fragment {
  const place: Fragment = { sql: column, params: [] }
  const parts = texts.map((text) => sql`strpos(${place}::text, ${text}::text) > 0`)
  if (template)
    parts.push(sql`jsonb_path_exists(${place}, ${templatePath}::jsonpath, jsonb_build_object('name', ${template.name}::text))
      and exists (select 1 from phone_numbers p where p.id = c.number_id and p.waba_id = ${template.wabaId}::text)`)
  return sql`(${joined(parts, ' or ')})`
}

function isNamedInRun(names: Names): Fragment {
  return sql`exists (select 1 from campaign_runs r where r.campaign_id = c.id
    and (r.ended_at is null or r.follow_up_at is not null) and ${isNamedIn(names, 'r.definition')})`
}
