import { z } from 'zod'
import { readAccess } from '../conversations/access.ts'
import { conversationView } from '../conversations/conversation-view.ts'
import { forkFor } from '../db/orm.ts'
import { messageView } from '../inbox/message-view.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { refuseFields } from '../kit/problem.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { readTerms } from '../model/search-words.ts'
import { searchMessages } from './search-messages.ts'
import { searchChats, searchPeople } from './search-people.ts'
import type { Wanted } from './search-statement.ts'

const base = { tag: 'Conversations', auth: 'key', method: 'get' } as const
const headline = z.string().meta({ description: 'as HTML: what was found stands in `<mark>`' })
const moment = z.iso
  .datetime({ offset: true })
  .transform((time) => Date.parse(time))
  .optional()

/** A fragment of one or two letters is in everything. */
const leastLetters = 3

function readWanted(q: string, match: 'words' | 'fragment'): Wanted {
  if (match === 'fragment') {
    const fragment = q.trim()
    if ([...fragment].length >= leastLetters) return { fragment }
    throw refuseFields([{ field: 'q', message: `a fragment has at least ${leastLetters} letters` }])
  }
  const terms = readTerms(q)
  if (terms.some(({ isNegated }) => !isNegated)) return { terms }
  throw refuseFields([{ field: 'q', message: 'names no word to look for' }])
}

/** Everything that was said, and whom with. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    path: '/platform/v1/messages/search',
    summary: 'Search the messages of all chats that you may read, newest first',
    description:
      'By words: all must be there, a phrase stands in quotation marks, `deliv*` begins a word, `-refund` must not be there. Or by a ' +
      'fragment of at least three letters, anywhere in the text. What campaigns wrote is found by their runs, and spam in its own chat.',
    input: {
      query: page.query.extend({
        q: z.string().min(1).max(200),
        match: z.enum(['words', 'fragment']).default('words'),
        from: moment,
        until: moment,
        numberId: z.uuid().optional(),
        conversationId: z.uuid().optional(),
        contactId: z.uuid().optional(),
        agent: z.uuid().optional().meta({ description: 'a user who wrote it, or who has its chat' }),
        tag: z.string().min(1).max(1_000).optional().meta({ description: 'of the message or of its chat' }),
        type: z.string().min(1).max(50).optional(),
        direction: z.enum(['in', 'out']).optional(),
      }),
    },
    output: page.of(z.object({ message: messageView, contactName: z.string().nullable(), headline })),
    handle: async ({ deps, actor, query }) => {
      const { q, match, limit, cursor, from: fromMs, until: untilMs, ...filter } = query
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      const wanted = readWanted(q, match)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const times = { fromMs, untilMs }
      const search = { access, wanted, filter: { ...filter, ...times }, before, limit: limit + 1 }
      return page.cut(await searchMessages(deps, search), limit, ({ message }) => [message.id])
    },
  }),
  defineRoute({
    ...base,
    path: '/platform/v1/search',
    summary: 'Search people and chats by name, number, tag or label',
    input: {
      query: z.object({
        q: z.string().trim().min(1).max(200),
        limit: z.coerce.number().int().min(1).max(50).default(10).meta({ description: 'of each' }),
      }),
    },
    output: z.object({
      people: z.array(
        z.object({
          id: z.uuid(),
          name: z.string().nullable(),
          phone: z.string().nullable(),
          tags: z.array(z.string()),
          headline,
        }),
      ),
      chats: z.array(conversationView),
    }),
    handle: async ({ deps, actor, query: { q: text, limit } }) => {
      const { workspaceId } = actor
      const access = await readAccess(forkFor(deps.orm, workspaceId), actor)
      const [people, chats] = await Promise.all([
        searchPeople(deps, { workspaceId, text, limit }),
        searchChats(deps, { access, text, limit }),
      ])
      return { people, chats }
    },
  }),
]
