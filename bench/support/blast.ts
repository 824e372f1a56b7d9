import { setTimeout as sleep } from 'node:timers/promises'
import { wake } from '../../src/autopilot/stop-runs.ts'
import type { Composed } from '../../src/compose.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { campaignDefinitionSchema } from '../../src/model/campaign-definition.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { campaignWorkflowId } from '../../workflows/contract.ts'
import { call } from './http.ts'
import type { Product } from './product.ts'

export const templateName = 'summer_sale'
const body = 'Hello {{1}}, our sale begins today. Everything is half the price until Sunday.'

/** Approved by the sandbox and known to us. */
export async function addTemplate({ pool, workspaceId, whatsapp, sandboxUrl }: Product): Promise<void> {
  const components = [{ type: 'BODY', text: body, example: { body_text: [['Ann']] } }]
  const made = await call(
    'POST',
    `${sandboxUrl}/v23.0/${whatsapp.wabaId}/message_templates`,
    JSON.stringify({ name: templateName, language: 'en', category: 'MARKETING', components }),
    { authorization: 'Bearer sandbox-token' },
  )
  const { id } = JSON.parse(made) as { id: string }
  await call('PUT', `${sandboxUrl}/sandbox/templates/${id}`, JSON.stringify({ status: 'APPROVED' }))
  await pool.query(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components, status, meta_id, source)
     values ($1, $2, $3, $4, 'en', 'MARKETING', $5, 'approved', $6, 'here')`,
    [newId(), workspaceId, whatsapp.wabaId, templateName, JSON.stringify(components), id],
  )
}

/** Contacts with a phone each, and nobody else: a run to all goes to them. */
export async function addPeople({ pool, workspaceId }: Product, count: number, first: number): Promise<void> {
  await pool.query(
    `with made as (insert into contacts (id, workspace_id, first_name, language, attributes)
       select uuidv7(), $1, 'Ann', 'en', jsonb_build_object('n', n) from generate_series(0, $2::int - 1) n
       returning id, (attributes ->> 'n')::bigint as n)
     insert into identities (id, workspace_id, contact_id, kind, value, source)
     select uuidv7(), $1, id, 'wa_id', ($3::bigint + n)::text, 'bench' from made`,
    [workspaceId, count, first],
  )
  await pool.query('analyze contacts; analyze identities')
}

export interface Blast {
  id: string
  workflowId: string
}

/** A run to everybody whose contact has `n` below the count, started. */
export async function startBlast(
  deps: Composed,
  { pool, workspaceId, numberId }: Product,
  more: object = {},
): Promise<Blast> {
  const [id, campaignId] = [newId(), newId()]
  const definition = campaignDefinitionSchema.parse({
    audience: { include: [{ kind: 'all' }] },
    variants: [
      {
        id: 'a',
        message: {
          kind: 'template',
          name: templateName,
          values: { body: { '1': '{{contact.first_name}}' } },
        },
      },
    ],
    ...more,
  })
  const workflowId = campaignWorkflowId(workspaceId, campaignId, 1)
  await pool.query(
    `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id, last_run_number)
     values ($1, $2, $3, $1::uuid::text, 'Bench', 'one-time', '{}', 'bench', uuidv7(), 1)`,
    [campaignId, workspaceId, numberId],
  )
  await pool.query(
    `insert into campaign_runs (id, workspace_id, campaign_id, number, definition, starts_at, workflow_id, by, fact_id, messages_per_second)
     values ($1, $2, $3, 1, $4, now(), $5, 'bench', uuidv7(), $6)`,
    [
      id,
      workspaceId,
      campaignId,
      JSON.stringify(definition),
      workflowId,
      definition.messagesPerSecond ?? null,
    ],
  )
  const rows = await forkFor(deps.orm, workspaceId).transactional((em) =>
    wake(em, workspaceId, [{ id, workflow_id: workflowId }]),
  )
  relaySoon(deps, rows)
  return { id, workflowId }
}

export interface Sent {
  accepted: number
  others: number
  seconds: number
  perSecond: number
  /** Messages that were posted more than once. */
  repeated: number
}

/** Waits for the end of a run, and says how fast it was: from the first message in the ledger to the last that was accepted. */
export async function finishBlast({ pool }: Product, { id }: Blast): Promise<Sent> {
  for (;;) {
    const { rows } = await pool.query<{ state: string; reason: string | null }>(
      'select state, reason from campaign_runs where id = $1',
      [id],
    )
    const state = rows[0]?.state ?? 'gone'
    if (state === 'completed') break
    if (['stopped', 'failed', 'cancelled', 'gone'].includes(state))
      throw new Error(`the run is ${state}: ${rows[0]?.reason}`)
    await sleep(200)
  }
  const { rows } = await pool.query<Omit<Sent, 'perSecond'>>(
    `select count(*) filter (where state = 'accepted')::int as accepted, count(*) filter (where state <> 'accepted')::int as others,
       count(*) filter (where attempt > 1)::int as repeated,
       extract(epoch from max(accepted_at) - min(created_at))::float8 as seconds
     from messages where campaign_run_id = $1`,
    [id],
  )
  const [found] = rows
  if (!found) throw new Error('the run has sent nothing')
  return { ...found, perSecond: found.accepted / found.seconds }
}
