import { useNavigate, useParams, useSearchParams } from 'react-router'

/** What of the inbox is shown. It stands in the address, so that Back and a copied link find it again. */
export interface Filter {
  /** One of ours, or the id of a saved one. */
  view: string
  search: string
  status: string
  assignee: string
  group: string
  label: string
  numberId: string
  sort: string
}
export interface Place {
  conversationId: string | undefined
  /** The one that a link points at. */
  messageId: string | undefined
  filter: Filter
  /** Null shows the list alone. */
  open(conversationId: string | null): void
  pointAt(messageId: string | undefined): void
  setFilter(change: Partial<Filter>): void
  /** Where a conversation is, with the list as it stands. */
  addressOf(conversationId: string, messageId?: string): string
}

export const noFilter = {
  ...{ search: '', status: '', assignee: '', group: '', label: '', numberId: '', sort: '' },
}
const standard: Filter = { view: 'all', ...noFilter }
const names = Object.keys(standard) as (keyof Filter)[]

export function usePlace(): Place {
  const { conversationId } = useParams()
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const filter = { ...standard }
  for (const name of names) filter[name] = params.get(name) ?? standard[name]
  const addressOf = (id: string | null, message?: string) => {
    const query = new URLSearchParams({ ...writeFilter(filter), ...(message && { message }) }).toString()
    return `/inbox${id ? `/${id}` : ''}${query && `?${query}`}`
  }
  return {
    conversationId,
    messageId: params.get('message') ?? undefined,
    filter,
    addressOf,
    open: (id) => void navigate(addressOf(id)),
    pointAt: (id) => setParams({ ...writeFilter(filter), ...(id && { message: id }) }, { replace: true }),
    setFilter: (change) => setParams(writeFilter({ ...filter, ...change }), { replace: true }),
  }
}

export function isFiltered(filter: Filter): boolean {
  return names.some((name) => name !== 'view' && name !== 'sort' && filter[name] !== '')
}

function writeFilter(filter: Filter): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (filter[name] === standard[name] ? [] : [[name, filter[name]]])),
  )
}
