import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { consentScopeSchema, consentStates } from '../model/consent.ts'
import { consentReplies } from '../model/consent-replies.ts'
import { consentSettingsSchema } from '../model/consent-settings.ts'
import {
  consentLanguages,
  consentWords,
  type ConsentLanguage,
  type ConsentWords,
} from '../model/consent-words.ts'
import { bareWords, foldWords } from '../model/fold-words.ts'
import { compileConsentRules, judgeConsent } from '../model/judge-consent.ts'
import { findConsentSettings } from './consent-rules.ts'
import { checkNumber, dropConsentSettings, saveConsentSettings } from './save-consent-settings.ts'

const settingsView = z
  .object({
    settings: consentSettingsSchema,
    from: z.enum(['number', 'workspace', 'product']).meta({ description: 'whose settings these are' }),
    updatedAt: z.iso.datetime().nullable(),
    by: z.string().nullable(),
  })
  .meta({ id: 'ConsentSettings' })

const path = '/platform/v1/consent/settings'
const query = z.object({
  numberId: z
    .uuid()
    .optional()
    .meta({ description: 'settings of this number only; of the workspace when absent' }),
})
const base = { tag: 'Consent', auth: 'key' } as const
const languages = consentLanguages as [ConsentLanguage, ...ConsentLanguage[]]
const languageView = z
  .object({
    language: z.enum(languages),
    stop: z.array(z.string()),
    stopMarketing: z.array(z.string()),
    start: z.array(z.string()),
    replies: z.object({ stopped: z.string(), stoppedMarketing: z.string(), started: z.string() }),
  })
  .meta({ id: 'ConsentLanguage' })

export const settingsRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'How the workspace, or a number, listens for STOP and START',
    input: { query },
    output: settingsView,
    handle: async ({ deps, actor, query: { numberId } }) => show(deps, actor.workspaceId, numberId),
  }),
  defineRoute({
    ...base,
    method: 'put',
    path,
    summary: 'Set how the workspace, or a number, listens for STOP and START',
    description: 'What is left out goes back to how the product ships.',
    auth: 'admin',
    input: { query, body: consentSettingsSchema },
    output: settingsView,
    handle: async ({ deps, actor, query: { numberId = null }, body: settings }) => {
      const { workspaceId } = actor
      await saveConsentSettings(deps, { workspaceId, numberId, settings, by: nameActor(actor) })
      return show(deps, workspaceId, numberId ?? undefined)
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path,
    summary: "Forget a number's settings, or the workspace's",
    auth: 'admin',
    input: { query },
    output: settingsView,
    handle: async ({ deps, actor, query: { numberId = null } }) => {
      const { workspaceId } = actor
      await dropConsentSettings(deps, { workspaceId, numberId, by: nameActor(actor) })
      return show(deps, workspaceId, numberId ?? undefined)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/consent/languages',
    summary: 'The words and answers that ship, by language',
    input: { query: page.query },
    output: page.of(languageView),
    handle: async ({ query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.enum(languages)]))?.[0]
      const from = after === undefined ? 0 : consentLanguages.indexOf(after) + 1
      const rows = consentLanguages.slice(from, from + limit + 1).map((language) => {
        const { stop, stopMarketing, start }: ConsentWords = consentWords[language]
        return { language, stop, stopMarketing, start, replies: consentReplies[language] }
      })
      return page.cut(rows, limit, ({ language }) => [language])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/consent/try',
    summary: 'Try out what a message would mean',
    description: 'With the settings as they are, or with others before they are saved.',
    input: {
      body: z.strictObject({
        text: z.string().max(4_096),
        payload: z.string().max(256).optional().meta({ description: 'of a tapped button' }),
        numberId: z.uuid().optional(),
        settings: consentSettingsSchema.optional(),
      }),
    },
    output: z.object({
      state: z.enum(consentStates).nullable().meta({ description: 'null: it means nothing for consent' }),
      category: consentScopeSchema.nullable(),
      word: z.string().nullable(),
      language: z.string().nullable(),
      rule: z.string().nullable(),
      folded: z.string().meta({ description: 'the text as it is compared' }),
      bare: z.string().meta({ description: 'the same without accents' }),
    }),
    handle: async ({ deps, actor, body }) => {
      const { text, payload, numberId, settings } = body
      const given = settings ?? (await show(deps, actor.workspaceId, numberId)).settings
      const verdict = judgeConsent(
        compileConsentRules(given),
        payload === undefined ? [text] : [text, payload],
      )
      const folded = foldWords(text)
      return {
        ...{ state: null, category: null, word: null, rule: null },
        ...verdict,
        language: verdict?.language ?? null,
        ...{ folded, bare: bareWords(folded) },
      }
    },
  }),
]

async function show(
  deps: Parameters<typeof saveConsentSettings>[0],
  workspaceId: string,
  numberId: string | undefined,
) {
  const em = forkFor(deps.orm, workspaceId)
  await checkNumber(em, workspaceId, numberId ?? null)
  return findConsentSettings(em, workspaceId, numberId ?? null)
}
