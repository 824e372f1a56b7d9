import type { Request } from 'express'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import type { Call } from '../dialect-route.ts'
import { limitQuery, offsetQuery } from './fields.ts'

/** How we are reached, without a slash at the end: absolute links begin so. */
export function baseUrlOf({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>, request: Request): string {
  return (PUBLIC_URL ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`).replace(/\/$/, '')
}

/** @param byDefault how many there are on a page when nobody says */
export function pageQuery(byDefault = 100) {
  return { limit: limitQuery(byDefault), offset: offsetQuery }
}

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    count: z.int(),
    next: z.url().nullable(),
    previous: z.url().nullable(),
    results: z.array(item),
  })
}

interface Asked {
  limit: number
  offset: number
}

/** A page with links to its neighbours, which keep everything else of the query. */
export function toPage<T>(
  { deps, request, query }: Pick<Call<unknown, Asked>, 'deps' | 'request' | 'query'>,
  { count, results }: { count: number; results: T[] },
): { count: number; next: string | null; previous: string | null; results: T[] } {
  const { limit, offset } = query
  const link = (from: number) => {
    const url = new URL(request.originalUrl, baseUrlOf(deps.config, request))
    url.searchParams.set('limit', String(limit))
    if (from > 0) url.searchParams.set('offset', String(from))
    else url.searchParams.delete('offset')
    return url.href
  }
  return {
    count,
    next: offset + limit < count ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results,
  }
}
