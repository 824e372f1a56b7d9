import { z } from 'zod'
import { consentLanguages, type ConsentLanguage } from './consent-words.ts'
import { foldWords } from './fold-words.ts'

const word = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => foldWords(text) !== '', 'must contain a letter or a digit')
const words = z.array(word).max(200)
const lists = z.object({ stop: words, stopMarketing: words, start: words })
const language = z.enum(consentLanguages as [ConsentLanguage, ...ConsentLanguage[]])

/** WhatsApp takes 4,096 characters; variables may make a text longer. */
const text = z.string().trim().min(1).max(2_000)
const reply = z
  .object({
    on: z.boolean().default(true),
    text: text.nullable().default(null).meta({
      description:
        'may hold {{contact.first_name | "there"}}; null: the text that ships, in the contact\'s language',
    }),
    byLanguage: z.record(z.string().min(2).max(20), text).default({}).meta({
      description: "texts by the contact's language, before `text`",
    }),
  })
  .prefault({})

/** How a workspace, or one of its numbers, listens for STOP and START and answers them. */
export const consentSettingsSchema = z.object({
  keywords: z.boolean().default(true).meta({ description: 'listen at all' }),
  languages: z
    .array(language)
    .default(consentLanguages)
    .meta({ description: 'whose words count; STOP and START always do' }),
  words: z.partialRecord(language, lists.partial()).default({}).meta({
    description: "lists that stand in for a language's own",
  }),
  extraWords: lists
    .extend({ stop: words.default([]), stopMarketing: words.default([]), start: words.default([]) })
    .prefault({})
    .meta({ description: 'words of any language, beside those that ship' }),
  never: words.default([]).meta({ description: 'messages that never count, whatever the lists say' }),
  fuzzy: z.boolean().default(false).meta({
    description:
      'also take typing mistakes and polite words around ("please stop"); else the whole message must be the word',
  }),
  buttons: z.boolean().default(true).meta({ description: 'tapped buttons count by title and by payload' }),
  stopScope: z.enum(['everything', 'marketing']).default('everything').meta({
    description: 'what STOP ends and START begins; words that name advertising mean marketing always',
  }),
  optInFromUnknown: z.boolean().default(true).meta({
    description:
      'START of somebody who had not opted out counts as opt-in; else it only takes an opt-out back',
  }),
  continueRouting: z
    .object({ stop: z.boolean().default(false), start: z.boolean().default(true) })
    .prefault({})
    .meta({ description: 'whether such a message may also start a journey' }),
  replies: z.object({ stop: reply, start: reply }).prefault({}),
  confirm: z.enum(['changes', 'always']).default('changes').meta({
    description: 'answer only what changed something, or a second STOP too',
  }),
})
export type ConsentSettings = z.output<typeof consentSettingsSchema>
