import type { Request } from 'express'
import { z } from 'zod'

/** More of them help nobody. */
const named = 20

/** The fields of what was sent that a schema does not know, below others too: `options.runImediately`. */
export function listIgnored(schema: z.core.$ZodType, sent: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return listIgnored(schema.def.innerType, sent)
  if (schema instanceof z.ZodArray && Array.isArray(sent))
    return firstOf(sent.entries(), ([at, each]) => prefix(at, listIgnored(schema.def.element, each)))
  if (!(schema instanceof z.ZodObject) || typeof sent !== 'object' || sent === null) return []
  const shape = schema.shape as Record<string, z.core.$ZodType>
  // It takes whatever comes.
  const isOpen = schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodNever)
  return firstOf(Object.entries(sent), ([name, value]) => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (field === undefined) return isOpen ? [] : [name]
    return prefix(name, listIgnored(field, value))
  })
}

export function tellIgnored(request: Request, fields: string[]): void {
  const names = fields.slice(0, named).map((name) => encodeURIComponent(name.slice(0, 100).toWellFormed()))
  if (names.length > 0) request.res?.set('Ignored-Fields', names.join(', '))
}

function prefix(above: string | number, fields: string[]): string[] {
  return fields.map((field) => `${above}.${field}`)
}

function firstOf<T>(all: Iterable<T>, listIn: (each: T) => string[]): string[] {
  const found: string[] = []
  for (const each of all) {
    found.push(...listIn(each))
    if (found.length >= named) break
  }
  return found
}
