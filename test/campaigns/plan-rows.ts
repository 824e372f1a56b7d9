import { newId } from '../../src/db/columns.ts'
import type { WorkspaceApi } from '../support/workspace-api.ts'

type Rows = Pick<WorkspaceApi, 'rows' | 'ours'>

/** Makes people, what they have said, and the segments they are in. */
export function audienceOf({ rows, ours: { workspaceId } }: Rows) {
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
  return { addContacts, addSegment, addConversation }
}

/** Makes what campaigns name. */
export function contentOf({ rows, ours: { workspaceId } }: Rows) {
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
  return { addTemplate, addGroup }
}

interface TemplateShape {
  body?: string
  buttons?: object[]
  language?: string
  category?: string
  status?: string
}
