import { z } from 'zod'
import { forkFor, type Em } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { refuseFields } from '../kit/problem.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import {
  listUnknownFields,
  templateCategories,
  type TemplateComponent,
} from '../model/template-components.ts'
import { templateRules } from '../model/template-lint.ts'
import { templateValuesSchema } from '../model/template-values.ts'
import { chooseAccount } from './account-access.ts'
import { deleteTemplate } from './delete-template.ts'
import { listTemplateNames, listTemplates } from './find-templates.ts'
import { lintBeside } from './lint-row.ts'
import { previewFor } from './preview-row.ts'
import { createDraft, editTemplate } from './save-draft.ts'
import { contentOf, getTemplate, templateStatuses, type TemplateRow } from './template-row.ts'
import {
  draftFields,
  lintedTemplateView,
  lintView,
  previewView,
  templateView,
  toView,
  variantsView,
  wabaId,
} from './template-views.ts'

const path = '/platform/v1/templates'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Templates', auth: 'key' } as const
const unsaved = z.object({
  ...draftFields,
  parameterFormat: draftFields.parameterFormat.default('POSITIONAL'),
})

export const templateRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search message templates, newest first',
    description:
      'Each language is a template of its own; what WhatsApp deleted is shown only when asked for by status.',
    input: {
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional().meta({ description: 'part of a name or text' }),
        name: z.string().min(1).max(512).optional(),
        status: z.enum(templateStatuses).optional(),
        category: z.enum(templateCategories).optional(),
        language: z.string().min(2).max(30).optional(),
        wabaId: wabaId.optional(),
        archived: z.enum(['no', 'only', 'all']).default('no'),
      }),
    },
    output: page.of(templateView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listTemplates(em, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Write a template as a draft',
    description: 'It is saved whatever the linter says; errors keep it from being submitted only.',
    status: 201,
    input: { body: unsaved.extend({ wabaId: wabaId.optional() }) },
    output: lintedTemplateView,
    handle: async ({ deps, actor, body: { wabaId: asked, ...content }, request }) => {
      refuseUnknown(request.body, content.components)
      const { workspaceId } = actor
      const account = await chooseAccount(deps, workspaceId, asked)
      const row = await createDraft(deps, { workspaceId, wabaId: account, content, by: nameActor(actor) })
      return withProblems(forkFor(deps.orm, workspaceId), workspaceId, row)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a template with what the linter says of it',
    input: { params },
    output: lintedTemplateView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      const em = forkFor(deps.orm, workspaceId)
      return withProblems(em, workspaceId, await getTemplate(em, workspaceId, id))
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a draft, or prepare an edit of a submitted template',
    description: 'WhatsApp gets an edit when it is submitted; until then the template goes on as it is.',
    input: { params, body: z.object(draftFields).partial() },
    output: lintedTemplateView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body, request }) => {
      if (body.components) refuseUnknown(request.body, body.components)
      const row = await editTemplate(deps, { workspaceId, id, change: body })
      return withProblems(forkFor(deps.orm, workspaceId), workspaceId, row)
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a template, at WhatsApp and here',
    description:
      'WhatsApp keeps the name of an approved one for about four weeks. 409 names published journeys that use it.',
    status: 204,
    input: { params, query: z.object({ force: z.enum(['true', 'false']).default('false') }) },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id }, query: { force } }) => {
      const { workspaceId } = actor
      await deleteTemplate(deps, { workspaceId, id, force: force === 'true', by: nameActor(actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/lint`,
    summary: 'Judge a template by the guidelines without saving it',
    input: { body: unsaved.extend({ wabaId: wabaId.optional() }) },
    output: z.object({ problems: z.array(lintView) }),
    handle: async ({ deps, actor: { workspaceId }, body: { wabaId: account, ...content }, request }) => {
      refuseUnknown(request.body, content.components)
      return { problems: await lintBeside(forkFor(deps.orm, workspaceId), workspaceId, account, content) }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/preview`,
    summary: 'Show what a customer would see of a template that is not saved',
    input: {
      body: unsaved.partial({ name: true, language: true }).extend({
        values: templateValuesSchema.optional(),
        contactId: z.uuid().optional(),
      }),
    },
    output: previewView,
    handle: async ({ deps, actor: { workspaceId }, body: { values, contactId, ...given } }) => {
      const content = { name: '', language: 'en', ...given }
      return previewFor(forkFor(deps.orm, workspaceId), workspaceId, content, { values, contactId })
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/template-names',
    summary: 'List the names of templates, each with its languages',
    input: {
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional(),
        wabaId: wabaId.optional(),
      }),
    },
    output: page.of(variantsView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const after = decodeCursor(cursor, z.tuple([z.string(), z.string()]))
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listTemplateNames(em, { workspaceId, ...filter, after, limit: limit + 1 })
      return page.cut(rows, limit, ({ name, wabaId: account }) => [name, account])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/template-rules',
    summary: 'List the guidelines that templates are judged by',
    input: { query: page.query },
    output: page.of(
      lintView.pick({ severity: true, why: true }).extend({ id: z.string(), title: z.string() }),
    ),
    handle: async ({ query: { limit, cursor } }) => {
      const from = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
      const rows = templateRules.slice(from, from + limit + 1)
      return page.cut(
        rows.map(({ id, severity, title, why }) => ({ id, severity, title, why })),
        limit,
        ({ id }) => [templateRules.findIndex((rule) => rule.id === id) + 1],
      )
    },
  }),
]

async function withProblems(em: Em, workspaceId: string, row: TemplateRow) {
  const problems = await lintBeside(em, workspaceId, row.wabaId, contentOf(row))
  return { ...toView(row), problems }
}

/** A part that is not known would be lost on the way to WhatsApp: it is refused by name. */
function refuseUnknown(body: unknown, known: TemplateComponent[]): void {
  const given = (body as { components?: unknown }).components
  const unknown = listUnknownFields(given, known, 'components')
  if (unknown.length > 0)
    throw refuseFields(unknown.map((field) => ({ field, message: 'is not a field we know' })))
}
