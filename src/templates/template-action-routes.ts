import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { templateValuesSchema } from '../model/template-values.ts'
import { composeRow } from './compose-template.ts'
import { archiveTemplate } from './delete-template.ts'
import { listVariants } from './find-templates.ts'
import { previewFor } from './preview-row.ts'
import { createDraft } from './save-draft.ts'
import { submitTemplate } from './submit-template.ts'
import { contentOf, getTemplate } from './template-row.ts'
import { findTemplateUses } from './template-uses.ts'
import { composedView, previewView, templateView, toView, variantsView } from './template-views.ts'

const path = '/platform/v1/templates/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Templates', auth: 'key' } as const
const filling = z.object({
  values: templateValuesSchema.optional().meta({ description: 'may say {{contact.first_name | "there"}}' }),
  contactId: z.uuid().optional(),
})

export const templateActionRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/submit`,
    summary: 'Give a draft, or an edit, to WhatsApp for review',
    description:
      '422 names what WhatsApp would refuse or refused. When WhatsApp does not answer it is `submitting` until that is settled.',
    input: { params },
    output: templateView,
    handle: async ({ deps, actor, params: { id } }) => {
      const { workspaceId } = actor
      return toView(await submitTemplate(deps, { workspaceId, id, by: nameActor(actor) }))
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/preview`,
    summary: 'Show what a customer would see, with samples or with values',
    input: { params, body: filling },
    output: previewView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => {
      const em = forkFor(deps.orm, workspaceId)
      return previewFor(em, workspaceId, contentOf(await getTemplate(em, workspaceId, id)), body)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/fill`,
    summary: 'Make the message that sends a template with these values',
    description: 'What is missing is named by its path into `values`; such a message would be refused.',
    input: { params, body: filling },
    output: composedView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => {
      const em = forkFor(deps.orm, workspaceId)
      return composeRow(em, workspaceId, await getTemplate(em, workspaceId, id), body)
    },
  }),
  ...([true, false] as const).map((archived) =>
    defineRoute({
      ...base,
      method: 'post',
      path: `${path}/${archived ? 'archive' : 'unarchive'}`,
      summary: archived ? 'Put a template out of sight' : 'Bring a template back into the list',
      description: 'WhatsApp is not told: it can still be sent.',
      input: { params },
      output: templateView,
      handle: async ({ deps, actor, params: { id } }) => {
        const { workspaceId } = actor
        await archiveTemplate(deps, { workspaceId, id, archived, by: nameActor(actor) })
        return toView(await getTemplate(forkFor(deps.orm, workspaceId), workspaceId, id))
      },
    }),
  ),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/duplicate`,
    summary: 'Copy a template into a new draft, under another name or in another language',
    status: 201,
    input: {
      params,
      body: z.object({
        name: z.string().trim().min(1).max(512).optional(),
        language: z.string().trim().min(2).max(30).optional(),
      }),
    },
    output: templateView,
    handle: async ({ deps, actor, params: { id }, body: { name, language } }) => {
      const { workspaceId } = actor
      const row = await getTemplate(forkFor(deps.orm, workspaceId), workspaceId, id)
      const copy = { ...contentOf(row), ...(name && { name }), ...(language && { language }) }
      const input = { workspaceId, wabaId: row.wabaId, content: copy, by: nameActor(actor) }
      return toView(await createDraft(deps, input))
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/variants`,
    summary: 'The languages of a template',
    input: { params },
    output: variantsView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      const em = forkFor(deps.orm, workspaceId)
      return listVariants(em, await getTemplate(em, workspaceId, id), workspaceId)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/uses`,
    summary: 'The journeys whose cards name a template',
    input: { params, query: page.query },
    output: page.of(
      z.object({
        journeyId: z.uuid(),
        journeyName: z.string(),
        published: z.boolean().meta({ description: 'in the published version; else in the draft only' }),
        cards: z.array(z.object({ id: z.string(), title: z.string().nullable() })),
      }),
    ),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const em = forkFor(deps.orm, workspaceId)
      const row = await getTemplate(em, workspaceId, id)
      const from = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
      const uses = await findTemplateUses(em, workspaceId, row, { from, limit: limit + 1 })
      return page.cut(uses, limit, () => [from + limit])
    },
  }),
]
