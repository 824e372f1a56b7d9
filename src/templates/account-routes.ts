import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { templateLanguages, toTemplateLanguage } from '../model/template-languages.ts'
import { templateValuesSchema } from '../model/template-values.ts'
import { chooseAccount } from './account-access.ts'
import { composeTemplate } from './compose-template.ts'
import { getDefaultLanguage, resolveTemplate, setDefaultLanguage } from './resolve-template.ts'
import { syncTemplates } from './sync-templates.ts'
import { composedView, templateView, toView, wabaId } from './template-views.ts'
import { sampleTypes, uploadTemplateSample } from './upload-sample.ts'

const base = { tag: 'Templates', auth: 'key' } as const
const settingsPath = '/platform/v1/template-settings'
const settings = z.object({
  defaultLanguage: z
    .string()
    .max(30)
    .transform(toTemplateLanguage)
    .refine((code) => Object.hasOwn(templateLanguages, code), "is not one of WhatsApp's languages")
    .meta({ description: "falls in when a template has not the contact's language", example: 'en' }),
})
const settingsView = z.object({ defaultLanguage: z.string() })

export const templateAccountRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/templates/sync',
    summary: 'Fetch all templates of an account from WhatsApp now',
    description:
      'Templates made elsewhere are taken over, those deleted there are marked. It also happens by itself.',
    input: { body: z.object({ wabaId: wabaId.optional() }) },
    output: z.object({
      wabaId: z.string(),
      found: z.int(),
      deleted: z.int(),
      unreadable: z.int().meta({ description: 'in a form that is not known here' }),
    }),
    handle: async ({ deps, actor: { workspaceId }, body }) => {
      const account = await chooseAccount(deps, workspaceId, body.wabaId)
      return { wabaId: account, ...(await syncTemplates(deps, { workspaceId, wabaId: account })) }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/templates/resolve',
    summary: 'Which language of a template somebody gets, and why',
    input: {
      query: z.object({
        name: z.string().min(1).max(512),
        language: z.string().min(2).max(30).optional().meta({ description: 'that the sender asks for' }),
        contactLanguage: z.string().min(2).max(30).optional(),
        wabaId: wabaId.optional(),
      }),
    },
    output: z.object({ template: templateView.nullable(), via: z.string().nullable(), why: z.string() }),
    handle: async ({ deps, actor: { workspaceId }, query: { wabaId: asked, ...wish } }) => {
      const account = await chooseAccount(deps, workspaceId, asked)
      const em = forkFor(deps.orm, workspaceId)
      const resolved = await resolveTemplate(em, { workspaceId, wabaId: account, ...wish })
      if (!resolved.template) return { template: null, via: null, why: resolved.why }
      return { ...resolved, template: toView(resolved.template) }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/templates/compose',
    summary: "Make the message that sends a template in a contact's language",
    description: '422 says why none of its languages may be sent.',
    input: {
      body: z.object({
        name: z.string().min(1).max(512),
        language: z.string().min(2).max(30).optional().meta({ description: "goes before the contact's" }),
        contactId: z.uuid().optional(),
        values: templateValuesSchema.optional(),
        wabaId: wabaId.optional(),
      }),
    },
    output: composedView.extend({ language: z.string(), via: z.string(), why: z.string() }),
    handle: async ({ deps, actor: { workspaceId }, body: { wabaId: asked, ...order } }) => {
      const account = await chooseAccount(deps, workspaceId, asked)
      const em = forkFor(deps.orm, workspaceId)
      const { template, ...composed } = await composeTemplate(em, { workspaceId, wabaId: account, ...order })
      return { ...composed, language: template.language }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/template-samples',
    summary: "Upload a sample file for a template's media header",
    description: 'Send the file itself. The handle goes into `example.header_handle` of the header.',
    status: 201,
    upload: Object.keys(sampleTypes),
    input: { query: z.object({ wabaId: wabaId.optional() }) },
    output: z.object({ handle: z.string() }),
    handle: async ({ deps, actor: { workspaceId }, query, request }) => {
      const mimeType = request.is(Object.keys(sampleTypes))
      if (!mimeType) {
        throw new AppError(
          'unsupported_media',
          `send the file as one of ${Object.keys(sampleTypes).join(', ')}`,
        )
      }
      const account = await chooseAccount(deps, workspaceId, query.wabaId)
      const bytes = await readBytes(request, sampleTypes[mimeType] ?? 0)
      return uploadTemplateSample(deps, { workspaceId, wabaId: account, mimeType, bytes })
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: settingsPath,
    summary: 'Show the language that templates fall back to',
    output: settingsView,
    handle: async ({ deps, actor: { workspaceId } }) => ({
      defaultLanguage: await getDefaultLanguage(forkFor(deps.orm, workspaceId), workspaceId),
    }),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'put',
    path: settingsPath,
    summary: 'Set the language that templates fall back to',
    input: { body: settings },
    output: settingsView,
    handle: async ({ deps, actor: { workspaceId }, body }) => {
      await setDefaultLanguage(forkFor(deps.orm, workspaceId), workspaceId, body.defaultLanguage)
      return body
    },
  }),
]

async function readBytes(request: AsyncIterable<Buffer>, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.byteLength
    if (size > limit) throw new AppError('too_large', `the file has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
