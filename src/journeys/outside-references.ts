import type { Em } from '../db/orm.ts'
import { idsAmong } from '../db/uuids.ts'
import type { TemplateContent } from '../model/template-components.ts'
import { fillTemplate } from '../model/template-fill.ts'
import { scriptProblem } from '../scripts/check-script.ts'
import {
  sendableStatuses,
  sentContentOf,
  templateColumns,
  type TemplateRow,
} from '../templates/template-row.ts'
import type { CardReference } from '../../workflows/cards/card.ts'

type OutsideKind = 'segment' | 'journey' | 'connection' | 'script' | 'template'
type Of<K extends CardReference['kind']> = Extract<CardReference, { kind: K }>

/** Why a card could not do its work with what it names beside of messages: segments, connections, scripts, templates. */
export async function createOutsideJudge(em: Em, workspaceId: string, all: CardReference[]) {
  const of = <K extends OutsideKind>(kind: K) =>
    all.filter((reference): reference is Of<K> => reference.kind === kind)
  const segments = await read<{ id: string; kind: string; name: string }>(
    em,
    `select id::text, kind, name from segments where workspace_id = ? and deleted_at is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, idsAmong(of('segment').map(({ id }) => id))],
  )
  const journeys = await read<{ id: string; name: string; isPublished: boolean }>(
    em,
    `select id::text, name, published_version_id is not null as "isPublished" from journeys
     where workspace_id = ? and deleted_at is null and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, idsAmong(of('journey').map(({ id }) => id))],
  )
  const connections = await read<{ id: string; integration: string }>(
    em,
    `select id::text, integration from app_connections where workspace_id = ? and deleted_at is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid) for share`,
    [workspaceId, idsAmong(of('connection').map(({ id }) => id))],
  )
  const templates = await read<TemplateRow>(
    em,
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.deleted_at is null
       and t.name in (select jsonb_array_elements_text(?::jsonb)) order by t.language`,
    [workspaceId, JSON.stringify(of('template').map(({ name }) => name.toLowerCase()))],
  )
  return (reference: Of<OutsideKind>): string | undefined => {
    switch (reference.kind) {
      case 'segment':
        return judgeSegment(segments.find(({ id }) => id === reference.id.toLowerCase()))
      case 'journey':
        return judgeJourney(journeys.find(({ id }) => id === reference.id.toLowerCase()))
      case 'connection':
        return judgeConnection(
          reference,
          connections.find(({ id }) => id === reference.id.toLowerCase()),
        )
      case 'script':
        return scriptProblem(reference.code)
      case 'template':
        return judgeTemplate(reference, templates)
    }
  }
}

function judgeSegment(segment: { kind: string; name: string } | undefined): string | undefined {
  if (!segment) return 'there is no such segment'
  return segment.kind === 'static'
    ? undefined
    : `"${segment.name}" follows its condition: nobody is subscribed to it by hand`
}

function judgeJourney(journey: { name: string; isPublished: boolean } | undefined): string | undefined {
  if (!journey) return 'there is no such journey'
  return journey.isPublished ? undefined : `"${journey.name}" is not published: nobody can enter it`
}

function judgeConnection(
  { integration }: Of<'connection'>,
  connection: { integration: string } | undefined,
): string | undefined {
  if (!connection) return 'there is no such connection'
  return connection.integration === integration
    ? undefined
    : `it is a connection of ${connection.integration}`
}

/** In every language that a contact may get. */
function judgeTemplate({ name, values }: Of<'template'>, rows: TemplateRow[]): string | undefined {
  const wrong = rows
    .filter((row) => row.name === name && sendableStatuses.includes(row.status))
    .map((row) => ({ row, missing: missingIn(sentContentOf(row), values) }))
    .find(({ missing }) => missing.length > 0)
  return wrong && `the template needs a value for ${wrong.missing.join(', ')} (${wrong.row.language})`
}

/** What is a placeholder yet has no shape to be judged by. */
function missingIn(content: TemplateContent, values: object): string[] {
  return fillTemplate(content, values).missing
}

/** @param names JSON */
async function read<T>(em: Em, sql: string, [workspaceId, names]: [string, string]): Promise<T[]> {
  return names === '[]' ? [] : em.execute<T[]>(sql, [workspaceId, names])
}
