import { newId } from '../../src/db/columns.ts'
import { campaignDefinitionSchema } from '../../src/model/campaign-definition.ts'
import { routes } from '../../src/campaigns/routes.ts'
import { planRun } from '../../src/campaigns/plan-run.ts'
import { openWorkspaceApi } from '../support/workspace-api.ts'

export interface Recipient {
  contact_id: string
  lane: number
  seq: number
  variant: string | null
  due_at: Date
  skipped: string | null
  given: object | null
}
export type PlanRig = Awaited<ReturnType<typeof openPlanRig>>

/** A workspace with a number, in which runs are planned that nobody sends. */
export async function openPlanRig() {
  const rig = await openWorkspaceApi(routes)
  const { deps, rows, ours } = rig
  const { workspaceId } = ours
  const numberId = await rig.addNumber()

  /** Contacts of phones that count up from `first`. */
  async function addContacts(n: number, first = 4_915_100_000_000): Promise<string[]> {
    const made = await rows<{ id: string }>(
      `with made as (insert into contacts (id, workspace_id, attributes)
         select uuidv7(), $1, jsonb_build_object('n', n) from generate_series(0, $2::int - 1) n returning id, (attributes ->> 'n')::int as n),
       named as (insert into identities (id, workspace_id, contact_id, kind, value, source)
         select uuidv7(), $1, id, 'wa_id', ($3::bigint + n)::text, 'test' from made)
       select id from made order by n`,
      [workspaceId, n, first],
    )
    return made.map(({ id }) => id)
  }
  async function addSegment(contactIds: string[]): Promise<string> {
    const id = newId()
    await rows(
      `insert into segments (id, workspace_id, name, kind) values ($1, $2, $1::uuid::text, 'static')`,
      [id, workspaceId],
    )
    await rows(
      `insert into segment_members (segment_id, workspace_id, contact_id) select $1, $2, jsonb_array_elements_text($3::jsonb)::uuid`,
      [id, workspaceId, JSON.stringify(contactIds)],
    )
    return id
  }
  async function addConversation(contactId: string, number: string, open: string): Promise<string> {
    const [row] = await rows<{ id: string }>(
      `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at, last_message_at)
       values (uuidv7(), $1, $2, $3, now() + $4::interval, now())
       on conflict (number_id, contact_id) do update set last_message_at = now() returning id`,
      [workspaceId, number, contactId, open],
    )
    return row?.id ?? ''
  }
  /** A template of the number's account, approved unless told otherwise. */
  async function addTemplate(name: string, more: TemplateShape = {}): Promise<void> {
    const {
      body = 'Hello {{1}}',
      buttons = [],
      language = 'en',
      category = 'MARKETING',
      status = 'approved',
    } = more
    const components = [
      { type: 'BODY', text: body, example: { body_text: [['Ann']] } },
      ...(buttons.length > 0 ? [{ type: 'BUTTONS', buttons }] : []),
    ]
    await rows(
      `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
       values ($1, $2, '1', $3, $4, $5, $6::jsonb, $7)`,
      [newId(), workspaceId, name, language, category, JSON.stringify(components), status],
    )
  }
  async function addGroup(
    lines: { phone: string; contactId?: string | undefined; values: object }[],
  ): Promise<string> {
    const id = newId()
    await rows(
      `insert into variable_groups (id, workspace_id, ref, name, fields) values ($1, $2, $1::uuid::text, 'Test', '[]')`,
      [id, workspaceId],
    )
    await rows(
      `insert into variable_values (group_id, workspace_id, phone, contact_id, values)
       select $1, $2, l.phone, l."contactId", l.values from jsonb_to_recordset($3::jsonb) as l(phone text, "contactId" uuid, values jsonb)`,
      [id, workspaceId, JSON.stringify(lines)],
    )
    return id
  }
  async function addCampaign(kind = 'one-time'): Promise<string> {
    const id = newId()
    await rows(
      `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id)
       values ($1, $2, $3, $1::uuid::text, 'test', $4, '{}', 'test', uuidv7())`,
      [id, workspaceId, numberId, kind],
    )
    return id
  }
  async function addRun(definition: object, campaignId?: string): Promise<string> {
    const id = newId()
    const frozen = campaignDefinitionSchema.parse({ variants: [template('a')], ...definition })
    const campaign = campaignId ?? (await addCampaign())
    await rows(
      `insert into campaign_runs (id, workspace_id, campaign_id, number, definition, starts_at, workflow_id, by, fact_id)
       values ($1, $2, $3, (select count(*) + 1 from campaign_runs where campaign_id = $3), $4, now(), $1::uuid::text, 'test', uuidv7())`,
      [id, workspaceId, campaign, JSON.stringify(frozen)],
    )
    return id
  }
  const recipients = (runId: string) =>
    rows<Recipient>(`select * from campaign_recipients where run_id = $1 order by lane, seq`, [runId])
  /** Plans a run of this definition and returns its people. */
  async function plan(definition: object, campaignId?: string): Promise<Recipient[]> {
    const runId = await addRun(definition, campaignId)
    await planRun(deps, { workspaceId, runId })
    return recipients(runId)
  }
  async function planAgain(runId: string): Promise<Recipient[]> {
    await planRun(deps, { workspaceId, runId })
    return recipients(runId)
  }
  return {
    ...rig,
    ...{ workspaceId, numberId, addContacts, addConversation, addGroup, addTemplate, addSegment },
    ...{ addCampaign, addRun, recipients, plan, planAgain },
  }
}

export function template(id: string, weight = 1) {
  return { id, weight, message: { kind: 'template', name: `template_${id}` } }
}

interface TemplateShape {
  body?: string
  buttons?: object[]
  language?: string
  category?: string
  status?: string
}
