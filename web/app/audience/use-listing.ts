import { useSearchParams } from 'react-router'
import type { Condition } from '../../../src/model/conditions.ts'
import type { ContactFilter, ContactSort } from '../api/shapes.ts'

/** What the table shows. It stands in the address, so that Back and a copied link find it again. */
export interface Listing extends ContactFilter {
  sort: ContactSort
  columns: string[]
}

const standard: Listing = {
  sort: { by: 'created_at', direction: 'desc' },
  columns: ['phone', 'email', 'tags', 'last_seen_at', 'created_at'],
}

export function useListing(): [Listing, (change: Partial<Listing>) => void] {
  const [params, setParams] = useSearchParams()
  const listing = readListing(params)
  const change = (changed: Partial<Listing>) =>
    // At once: what is ticked next must not be joined to what the address said before.
    setParams(writeListing({ ...listing, ...changed }), { replace: true, flushSync: true })
  return [listing, change]
}

export function filterOf({ search, condition }: Listing): ContactFilter {
  return { ...(search && { search }), ...(condition && { condition }) }
}

export function fromView(query: ContactFilter & Partial<Listing>): Partial<Listing> {
  return { ...standard, search: undefined, condition: undefined, ...query }
}

function readListing(params: URLSearchParams): Listing {
  const search = params.get('search')
  const condition = readCondition(params.get('condition'))
  const [by, direction] = params.get('sort')?.split(' ') ?? []
  return {
    ...(search && { search }),
    ...(condition && { condition }),
    sort: by ? { by, direction: direction === 'asc' ? 'asc' : 'desc' } : standard.sort,
    columns: params.get('columns')?.split(',') ?? standard.columns,
  }
}

/** A link may be cut short on its way: what cannot be read is no filter. */
function readCondition(text: string | null): Condition | undefined {
  try {
    return text ? (JSON.parse(text) as Condition) : undefined
  } catch {
    return undefined
  }
}

function writeListing({ search, condition, sort, columns }: Listing): Record<string, string> {
  const isStandard = columns.join() === standard.columns.join()
  const isNewest = sort.by === standard.sort.by && sort.direction === standard.sort.direction
  return {
    ...(search && { search }),
    ...(condition && { condition: JSON.stringify(condition) }),
    ...(!isNewest && { sort: `${sort.by} ${sort.direction}` }),
    ...(!isStandard && { columns: columns.join(',') }),
  }
}
