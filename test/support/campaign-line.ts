import { wake } from '../../src/autopilot/stop-runs.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { campaignDefinitionSchema } from '../../src/model/campaign-definition.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { campaignWorkflowId } from '../../workflows/contract.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

export interface StartedRun {
  id: string
  campaignId: string
  workflowId: string
}
export type CampaignLine = ReturnType<typeof campaignLine>
interface TemplateDraft {
  name: string
  body?: string
  buttons?: object[]
  category?: 'MARKETING' | 'UTILITY'
}

/** Runs of campaigns on a house: templates that WhatsApp approved, people, and a run that its workflow plans and sends. */
export function campaignLine(house: LineHouse) {
  const sql: Sql = (text, values = []) => forkFor(house.deps.orm, house.workspaceId).execute(text, values)
  return { sql, ...templates(house, sql), ...people(house, sql), ...runs(house, sql), ...proof(house, sql) }
}

/** What it needs of a house. */
type LineHouse = Pick<House, 'deps' | 'workspaceId' | 'numberId' | 'sandboxUrl' | 'access'>
type Sql = <T extends object>(text: string, values?: unknown[]) => Promise<T[]>

/** In our tables and at the sandbox. */
function templates({ workspaceId, sandboxUrl, access }: LineHouse, sql: Sql) {
  const { wabaId } = access
  const setTemplate = async (id: string, status: string): Promise<void> => {
    await fetch(`${sandboxUrl}/sandbox/templates/${id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status }),
    })
  }
  return {
    setTemplate,
    async addTemplate(draft: TemplateDraft): Promise<string> {
      const { name, body = 'Hello {{1}}, our sale begins today.', buttons, category = 'MARKETING' } = draft
      const variables = [...body.matchAll(/\{\{\d+\}\}/g)].map(() => 'Ann')
      const components = [
        { type: 'BODY', text: body, ...(variables.length > 0 && { example: { body_text: [variables] } }) },
        ...(buttons ? [{ type: 'BUTTONS', buttons }] : []),
      ]
      const response = await fetch(`${sandboxUrl}/v23.0/${wabaId}/message_templates`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox-token' },
        body: JSON.stringify({ name, language: 'en', category, components }),
      })
      const { id } = (await response.json()) as { id?: string }
      if (id === undefined) throw new Error(`the sandbox takes no template ${name}`)
      await setTemplate(id, 'APPROVED')
      await sql(
        `insert into templates (id, workspace_id, waba_id, name, language, category, components, status, meta_id, source)
         values (?, ?, ?, ?, 'en', ?, ?::jsonb, 'approved', ?, 'here')`,
        [newId(), workspaceId, wabaId, name, category, JSON.stringify(components), id],
      )
      return id
    },
  }
}

function people({ workspaceId }: LineHouse, sql: Sql) {
  return {
    /** Contacts of phones that count up. */
    async addPeople(count: number, first = 4_915_100_000_000): Promise<string[]> {
      const rows = await sql<{ id: string }>(
        `with made as (insert into contacts (id, workspace_id, first_name, attributes)
           select uuidv7(), ?, 'Ann', jsonb_build_object('n', n) from generate_series(0, ?::int - 1) n
           returning id, (attributes ->> 'n')::bigint as n),
         named as (insert into identities (id, workspace_id, contact_id, kind, value, source)
           select uuidv7(), ?, id, 'wa_id', (?::bigint + n)::text, 'test' from made)
         select id from made order by n`,
        [workspaceId, count, workspaceId, first],
      )
      return rows.map(({ id }) => id)
    },
  }
}

function runs({ deps, workspaceId, numberId }: LineHouse, sql: Sql) {
  /** A run that waits for its workflow. */
  async function addRun(definition: object): Promise<StartedRun> {
    const [id, campaignId] = [newId(), newId()]
    const audience = { include: [{ kind: 'all' }] }
    const frozen = campaignDefinitionSchema.parse({ audience, ...definition })
    const workflowId = campaignWorkflowId(workspaceId, campaignId, 1)
    const budget = frozen.budget ? Number(frozen.budget.amount) * 1_000_000 : null
    await sql(
      `with made as (insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id, last_run_number)
         values (?, ?, ?, ?, 'Sale', 'one-time', '{}', 'test', uuidv7(), 1) returning id)
       insert into campaign_runs (id, workspace_id, campaign_id, number, definition, starts_at, workflow_id, by, fact_id,
         messages_per_second, budget_micros)
       select ?, ?, id, 1, ?::jsonb, now(), ?, 'test', uuidv7(), ?, ? from made`,
      [
        ...[
          campaignId,
          workspaceId,
          numberId,
          campaignId,
          id,
          workspaceId,
          JSON.stringify(frozen),
          workflowId,
        ],
        ...[frozen.messagesPerSecond ?? null, budget],
      ],
    )
    return { id, campaignId, workflowId }
  }
  async function wakeRun({ id, workflowId }: StartedRun): Promise<void> {
    const rows = await forkFor(deps.orm, workspaceId).transactional((em) =>
      wake(em, workspaceId, [{ id, workflow_id: workflowId }]),
    )
    relaySoon(deps, rows)
  }
  return {
    addRun,
    wakeRun,
    async start(definition: object): Promise<StartedRun> {
      const run = await addRun(definition)
      await wakeRun(run)
      return run
    },
    async setState({ id }: StartedRun, state: string): Promise<void> {
      await sql('update campaign_runs set state = ?, updated_at = now() where id = ?', [state, id])
    },
  }
}

function proof({ sandboxUrl }: LineHouse, sql: Sql) {
  async function stateOf({ id }: StartedRun): Promise<{ state: string; reason: string | null }> {
    const [row] = await sql<{ state: string; reason: string | null }>(
      'select state, reason from campaign_runs where id = ?',
      [id],
    )
    return row ?? { state: 'gone', reason: null }
  }
  return {
    stateOf,
    until: (run: StartedRun, state: string, timeoutMs = 60_000) =>
      eventually(
        async () => {
          const now = await stateOf(run)
          if (now.state !== state) throw new Error(`the run is ${now.state} (${now.reason}), not ${state}`)
        },
        { timeoutMs },
      ),
    /** What became of the messages, by state and code. */
    async outcomes({ id }: StartedRun): Promise<Record<string, number>> {
      const rows = await sql<{ what: string; n: number }>(
        `select concat_ws(' ', state, case when state in ('failed', 'skipped') then reason_code end) as what, count(*)::int as n
         from messages where campaign_run_id = ? group by 1 order by 1`,
        [id],
      )
      return Object.fromEntries(rows.map(({ what, n }) => [what, n]))
    },
    /** Of all accepted messages of the sandbox: how many each person got. */
    async received(): Promise<Map<string, number>> {
      const counts = new Map<string, number>()
      for (let after = 0; ; ) {
        const response = await fetch(`${sandboxUrl}/sandbox/ledger?limit=1000&after=${after}`)
        const { messages } = (await response.json()) as { messages: { seq: number; to: string }[] }
        for (const { to } of messages) counts.set(to, (counts.get(to) ?? 0) + 1)
        const last = messages.at(-1)
        if (!last) return counts
        after = last.seq
      }
    },
  }
}

/** A message of a template whose one variable is the first name. */
export function templateVariant(name: string, more: object = {}): object {
  return {
    ...{ id: name.slice(0, 20), ...more },
    message: { kind: 'template', name, values: { body: { '1': '{{contact.first_name}}' } } },
  }
}
