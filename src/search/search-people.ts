import type { ChatAccess } from '../conversations/access.ts'
import type { ConversationDetail } from '../conversations/conversation-view.ts'
import { listConversations } from '../conversations/list-conversations.ts'
import { queryContacts } from '../contacts/query-contacts.ts'
import type { Deps } from '../deps.ts'
import { markFragment, toHeadline } from '../model/search-words.ts'

export interface FoundPerson {
  id: string
  name: string | null
  phone: string | null
  tags: string[]
  /** Where it was found, as HTML. */
  headline: string
}

/** People by parts of their names and numbers, or by a tag that they have. */
export async function searchPeople(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, text, limit }: { workspaceId: string; text: string; limit: number },
): Promise<FoundPerson[]> {
  const [named, tagged] = await Promise.all([
    queryContacts(deps, { workspaceId, search: text, limit }),
    queryContacts(deps, { workspaceId, tag: text, limit }),
  ])
  const people = new Map([...named, ...tagged].map((contact) => [contact.id, contact]))
  return [...people.values()].slice(0, limit).map((contact) => {
    const { id, name, tags } = contact
    const phone = contact.identities.find(({ kind }) => kind === 'wa_id')?.value ?? null
    const places = [name, phone, ...tags].filter((each): each is string => each !== null)
    const isThere = (place: string) => place.toLowerCase().includes(text.toLowerCase())
    const headline = toHeadline(markFragment(places.find(isThere) ?? places[0] ?? '', text))
    return { id, name, phone, tags, headline }
  })
}

/** Chats that somebody may read, by whom they are with or by a label. */
export async function searchChats(
  deps: Pick<Deps, 'orm'>,
  { access, text, limit }: { access: ChatAccess; text: string; limit: number },
): Promise<ConversationDetail[]> {
  const page = { access, sort: 'newest', cursor: undefined, limit } as const
  const [named, labelled] = await Promise.all([
    listConversations(deps, { ...page, filter: { search: text } }),
    listConversations(deps, { ...page, filter: { label: text } }),
  ])
  return [...new Map([...named, ...labelled].map((chat) => [chat.id, chat])).values()].slice(0, limit)
}
