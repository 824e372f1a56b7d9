import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { templateCategories } from '../model/template-components.ts'
import { previewTemplate } from '../model/template-preview.ts'
import { chooseAccount } from './account-access.ts'
import { type Starter, toTemplate } from './library/starter.ts'
import { lintBeside } from './lint-row.ts'
import { createDraft } from './save-draft.ts'
import { findStarter, searchLibrary } from './search-library.ts'
import { contentOf } from './template-row.ts'
import { components, lintedTemplateView, previewView, toView, wabaId } from './template-views.ts'

const path = '/platform/v1/template-library'
const base = { tag: 'Template library', auth: 'key' } as const
const params = z.object({ id: z.string().min(1).max(200) })
const starterView = z
  .object({
    id: z.string(),
    category: z.enum(templateCategories),
    title: z.string(),
    useCase: z.string(),
    languages: z.array(z.string()),
    needsSample: z
      .enum(['IMAGE', 'VIDEO', 'DOCUMENT'])
      .nullable()
      .meta({ description: 'a file to upload before it can be submitted' }),
    language: z.string().meta({ description: 'of the preview' }),
    components,
    preview: previewView,
  })
  .meta({ id: 'TemplateStarter' })

export const libraryRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search ready-made templates',
    input: {
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional(),
        category: z.enum(templateCategories).optional(),
        language: z.string().min(2).max(30).optional(),
      }),
    },
    output: page.of(starterView),
    handle: async ({ query: { limit, cursor, ...wish } }) => {
      const from = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
      const found = searchLibrary(wish).slice(from, from + limit + 1)
      const views = found.map((starter) => toStarterView(starter, wish.language ?? 'en'))
      return page.cut(views, limit, () => [from + limit])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a ready-made template in one of its languages',
    input: { params, query: z.object({ language: z.string().min(2).max(30).default('en') }) },
    output: starterView,
    handle: async ({ params: { id }, query: { language } }) => toStarterView(starterOf(id), language),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/install`,
    summary: 'Make a draft of a ready-made template',
    status: 201,
    input: {
      params,
      body: z.object({
        language: z.string().min(2).max(30).default('en'),
        name: z.string().trim().min(1).max(512).optional().meta({ description: "the starter's when absent" }),
        wabaId: wabaId.optional(),
      }),
    },
    output: lintedTemplateView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const starter = contentIn(starterOf(id), body.language)
      const account = await chooseAccount(deps, workspaceId, body.wabaId)
      const row = await createDraft(deps, {
        workspaceId,
        wabaId: account,
        content: { ...starter, name: body.name ?? starter.name },
        libraryId: id,
        by: nameActor(actor),
      })
      const em = forkFor(deps.orm, workspaceId)
      return { ...toView(row), problems: await lintBeside(em, workspaceId, account, contentOf(row)) }
    },
  }),
]

function starterOf(id: string): Starter {
  const starter = findStarter(id)
  if (!starter) throw new AppError('not_found', `the library has no template ${id}`)
  return starter
}

function contentIn(starter: Starter, language: string) {
  const content = toTemplate(starter, language)
  if (content) return content
  const message = `is not one of ${Object.keys(starter.texts).join(', ')}`
  throw new AppError('unprocessable', `language ${message}`, { fields: [{ field: 'language', message }] })
}

function toStarterView(starter: Starter, language: string) {
  const { id, category, title, useCase, shape, texts } = starter
  const content = contentIn(starter, language)
  const media = shape.cards?.media ?? shape.media
  return {
    ...{ id, category, title, useCase, language },
    languages: Object.keys(texts),
    needsSample: media === undefined || media === 'LOCATION' ? null : media,
    components: content.components,
    preview: previewTemplate(content),
  }
}
