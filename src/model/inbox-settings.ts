import { z } from 'zod'
import { businessHoursSchema } from './business-hours.ts'
import { messageContentSchema } from './message.ts'

const aYear = 366 * 24 * 60
const minutes = (description: string) => z.int().min(1).max(aYear).meta({ description })
const text = (maximum: number) => z.string().trim().min(1).max(maximum)

/** What a chat says by itself: plain words, a block as it stands then, or a message in the Cloud API's shape. */
export const automaticMessageSchema = z
  .union([
    z.strictObject({
      text: text(4096).meta({
        description: 'the words; placeholders like `{{contact.first_name}}` are filled in',
      }),
    }),
    z.strictObject({ blockId: z.uuid().meta({ description: 'a block, as it stands when it is sent' }) }),
    z.strictObject({
      content: messageContentSchema.meta({
        description:
          "a message in the Cloud API's shape; a template is the only one that may go out of the 24 hours",
      }),
    }),
  ])
  .meta({ id: 'AutomaticMessage' })
export type AutomaticMessage = z.output<typeof automaticMessageSchema>

const message = automaticMessageSchema.meta({ description: 'what is said' })

const deadlines = z
  .strictObject({
    firstResponseMinutes: minutes('business minutes from the first message of an episode to the first answer')
      .nullable()
      .default(null),
    resolutionMinutes: minutes('business minutes from the beginning of an episode to its end')
      .nullable()
      .default(null),
  })
  .default({ firstResponseMinutes: null, resolutionMinutes: null })
  .meta({ description: 'by when a chat must be answered and closed; null: no deadline' })

const unattended = z
  .strictObject({
    afterMinutes: minutes('business minutes that the customer waits for whoever has the chat'),
    // Who it goes to otherwise is picked as assignment rules pick.
    to: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('queue') }),
        z.strictObject({
          kind: z.literal('agent'),
          method: z.enum(['round-robin', 'least-busy']).default('least-busy').meta({
            description: 'how the other one is picked',
          }),
        }),
        z.strictObject({
          kind: z.literal('group'),
          groupId: z.uuid().meta({ title: 'Team', description: 'the group that gets it', widget: 'group' }),
        }),
      ])
      .default({ kind: 'queue' })
      .meta({
        description:
          'where the chat goes: into the queue until somebody else is free, to another agent of the same group, or to a group',
      }),
  })
  .nullable()
  .default(null)
  .meta({ description: 'takes a chat away from whoever does not answer' })

const returning = z
  .strictObject({
    afterMinutes: minutes(
      'business minutes that somebody has, to whom a person handed a chat, for a first word',
    ),
  })
  .nullable()
  .default(null)
  .meta({
    description: 'gives a chat that was handed on back to whoever had it, when the new one says nothing',
  })

const welcome = z
  .strictObject({
    when: z.enum(['first-contact', 'new-episode']).default('new-episode').meta({
      description: 'to whom: customers who write for the first time, or whoever begins a new episode',
    }),
    message,
  })
  .nullable()
  .default(null)
  .meta({ description: 'said when a customer writes and no journey answers' })

const unavailable = z
  .strictObject({
    when: z.enum(['outside-hours', 'nobody-online', 'either']).default('either').meta({
      description: 'said outside of the business hours, when no agent is online, or in both cases',
    }),
    everyHours: z.int().min(1).max(168).default(12).meta({ description: 'to one customer at most so often' }),
    message,
  })
  .nullable()
  .default(null)
  .meta({ description: 'said when a customer writes, no journey answers and nobody is there' })

const closure = z
  .strictObject({
    afterMinutes: minutes('minutes of silence, of both sides, after which a chat is closed'),
    whileCustomerWaits: z.boolean().default(false).meta({
      description: 'closes also what nobody has answered',
    }),
    message: message
      .nullable()
      .default(null)
      .meta({ description: 'said when a chat is closed; null: nothing' }),
  })
  .nullable()
  .default(null)
  .meta({ description: 'closes silent chats; null: after the silence that the server is set to' })

const nudge = z
  .strictObject({
    minutesBefore: z.int().min(5).max(720).default(60).meta({
      description: 'so long before the 24-hour window ends',
    }),
    when: z.enum(['customer-waits', 'chat-is-open']).default('customer-waits').meta({
      description: 'only when the customer waits for an answer, or in every open chat',
    }),
    message,
  })
  .nullable()
  .default(null)
  .meta({
    description: 'asks for a reply before the 24-hour window ends, once a window; a reply opens it anew',
  })

const satisfaction = z
  .strictObject({
    question: text(1024).meta({ description: 'asked with a list of 5 to 1' }),
    button: text(20).default('Rate').meta({ description: "the list's button" }),
    scores: z
      .tuple([text(24), text(24), text(24), text(24), text(24)])
      .default(['1 - Very bad', '2 - Bad', '3 - So-so', '4 - Good', '5 - Very good'])
      .meta({ description: 'the words for 1 to 5' }),
    delayMinutes: z
      .int()
      .min(0)
      .max(1380)
      .default(0)
      .meta({ description: 'asked so long after the closing' }),
    of: z.enum(['people', 'all']).default('people').meta({
      description: 'of chats that a person has answered, or of all',
    }),
    commentQuestion: text(1024).nullable().default(null).meta({
      description: 'asked after a score; what is written then is the comment. null: no comment is asked for',
    }),
    thanks: text(1024).nullable().default(null).meta({ description: 'said after the answer; null: nothing' }),
    everyDays: z.int().min(0).max(365).default(0).meta({
      description: 'one customer is asked at most once in so many days; 0: after every chat',
    }),
  })
  .nullable()
  .default(null)
  .meta({ description: 'a question after a chat was closed, whose answer opens no chat' })

/** How the inbox runs. What is left out goes back to how the product ships: everything off. */
export const inboxSettingsSchema = z
  .strictObject({
    businessHours: businessHoursSchema
      .nullable()
      .default(null)
      .meta({ description: 'null: somebody is always there' }),
    assignOnAnswer: z.boolean().default(true).meta({
      description: 'an agent who answers a chat that nobody has gets it',
    }),
    agentCapacity: z.int().min(0).max(10_000).nullable().default(null).meta({
      description:
        'open and pending chats that whoever has no capacity of their own is given at most; null: any',
    }),
    ...{ deadlines, unattended, returning, welcome, unavailable, closure, nudge, satisfaction },
  })
  .meta({ id: 'InboxSettings' })
export type InboxSettings = z.output<typeof inboxSettingsSchema>
