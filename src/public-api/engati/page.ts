import { z } from 'zod'

/** Pages by number, from 1 on, of 500 unless told otherwise. */
export const pageFields = {
  page_number: z.coerce.number().int().min(1).max(1_000_000).default(1),
  page_size: z.coerce.number().int().min(1).max(1_000).default(500),
}
export const pageNames = ['page_number', 'page_size']

/** A query whose pages and dates are blank has none: they are as if nobody had said them. */
export function withoutBlanks(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).filter(([name, value]) => value !== '' || !/(?:date|number|size)$/i.test(name)),
  )
}

export interface WirePage {
  page_number: number
  page_size: number
}
