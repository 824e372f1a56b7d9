import type { EdgeDeps } from './edges.ts'
import type { GraphCall } from './graph.ts'
import { GraphError } from './graph-errors.ts'
import { readJson } from './read-json.ts'
import type { Template } from './templates.ts'

const PAGE_DEFAULT = 25
const PAGE_MAX = 1_000

/** The template edges of an account and of a template; undefined when the call is about neither. */
export async function callTemplateEdge(deps: EdgeDeps, call: GraphCall): Promise<unknown> {
  const { templates, settings } = deps
  const template = templates.get(call.id)
  if (template && call.edge === '') return await callTemplate(deps, call, template)
  if (call.edge !== 'message_templates') return undefined
  if (!settings.current.numbers.some((number) => number.wabaId === call.id)) return undefined
  if (call.method === 'GET') return listTemplates(deps, call)
  if (call.method === 'DELETE') return deleteTemplates(deps, call)
  if (call.method !== 'POST') return undefined
  const created = templates.create(call.id, await readJson(call.request))
  return { id: created.id, status: created.status, category: created.category }
}

async function callTemplate({ templates }: EdgeDeps, call: GraphCall, template: Template): Promise<unknown> {
  if (call.method === 'GET') return toWire(template)
  if (call.method === 'POST') {
    templates.edit(template, await readJson(call.request))
    return { success: true }
  }
  if (call.method !== 'DELETE') return undefined
  templates.remove(template)
  return { success: true }
}

function listTemplates({ templates }: EdgeDeps, { id, url }: GraphCall) {
  const query = url.searchParams
  const wanted = (field: string) => query.get(field)?.toUpperCase()
  const matching = templates
    .ofAccount(id)
    .filter(
      (one) =>
        one.name.includes(query.get('name') ?? '') &&
        (wanted('status') ?? one.status) === one.status &&
        (wanted('category') ?? one.category) === one.category &&
        (query.get('language') ?? one.language) === one.language,
    )
  const limit = Math.min(PAGE_MAX, Math.max(1, Number(query.get('limit') ?? PAGE_DEFAULT) || PAGE_DEFAULT))
  const after = query.get('after')
  const before = query.get('before')
  let start = after ? indexOf(matching, after) + 1 : 0
  if (before) start = Math.max(0, indexOf(matching, before) - limit)
  const page = matching.slice(start, start + limit)
  const [first] = page
  const last = page.at(-1)
  if (!first || !last) return { data: [] }
  const cursors = { before: cursorOf(first), after: cursorOf(last) }
  const more = start + limit < matching.length
  return {
    data: page.map(toWire),
    paging: { cursors, ...(more ? { next: nextUrl(url, cursors.after) } : {}) },
  }
}

function nextUrl(url: URL, after: string): string {
  const next = new URL(url)
  next.searchParams.set('after', after)
  next.searchParams.delete('before')
  // A cursor is handed on by itself; the address would carry a token.
  next.searchParams.delete('access_token')
  return `${next.pathname}${next.search}`
}

function deleteTemplates({ templates }: EdgeDeps, { id, url }: GraphCall) {
  const name = url.searchParams.get('name')
  const templateId = url.searchParams.get('hsm_id')
  if (!name) throw new GraphError(100, 'The parameter name is required.')
  const found = templates.find(id, name).filter((one) => templateId === null || one.id === templateId)
  if (found.length === 0) {
    throw new GraphError(100, `No template named ${name}.`, {
      subcode: 2593002,
      title: 'Message template not found',
    })
  }
  for (const template of found) templates.remove(template)
  return { success: true }
}

function cursorOf(template: Template): string {
  return Buffer.from(template.id).toString('base64url')
}

function indexOf(templates: Template[], cursor: string): number {
  const id = Buffer.from(cursor, 'base64url').toString()
  const index = templates.findIndex((template) => template.id === id)
  if (index < 0) throw new GraphError(100, 'The cursor is not valid.')
  return index
}

function toWire(template: Template) {
  return {
    id: template.id,
    name: template.name,
    language: template.language,
    category: template.category,
    parameter_format: template.parameterFormat,
    status: template.status,
    rejected_reason: template.rejectedReason,
    quality_score: { score: template.quality },
    components: template.components,
  }
}
