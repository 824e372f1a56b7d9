import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { templateCategories } from '../model/template-components.ts'
import { previewTemplate } from '../model/template-preview.ts'
import { chooseAccount } from './account-access.ts'
import { contentIn, getStarter, installStarter } from './install-starter.ts'
import type { Starter } from './library/starter.ts'
import { lintBeside } from './lint-row.ts'
import { searchLibrary } from './search-library.ts'
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
    handle: async ({ params: { id }, query: { language } }) => toStarterView(getStarter(id), language),
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
      const account = await chooseAccount(deps, workspaceId, body.wabaId)
      const { language, name } = body
      const by = nameActor(actor)
      const row = await installStarter(deps, { workspaceId, wabaId: account, id, language, name, by })
      const em = forkFor(deps.orm, workspaceId)
      return { ...toView(row), problems: await lintBeside(em, workspaceId, account, contentOf(row)) }
    },
  }),
]

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
