import express, { type RequestHandler } from 'express'
import multer from 'multer'
import { refuseUnstorableBody } from './storable-text.ts'

const limits = { files: 0, fields: 500, fieldSize: 1_000_000, fieldNameSize: 300 }

/**
 * Forms as the JSON that they stand for: `text.body` is a field of the object `text`, a name that comes twice is a list, and
 * a value that is a JSON object or list is one. Everything else is text: schemas turn it into what they want.
 */
export const takeForms: RequestHandler[] = [
  express.urlencoded({ extended: false, limit: '1mb', parameterLimit: 500 }),
  multer({ limits }).none(),
  (request, _response, next) => {
    if (request.is(['application/x-www-form-urlencoded', 'multipart/form-data']))
      request.body = readForm((request.body ?? {}) as Record<string, string | string[]>)
    next()
  },
]

function readForm(fields: Record<string, string | string[]>): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const [name, sent] of Object.entries(fields)) {
    const value = Array.isArray(sent) ? sent.map(readValue) : readValue(sent)
    put(read, name.split('.'), value)
  }
  refuseUnstorableBody(undefined, undefined, Buffer.from(JSON.stringify(read)))
  return read
}

/** Names that every object has are no places to write to. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

function put(into: Record<string, unknown>, [first = '', ...rest]: string[], value: unknown): void {
  if (forbidden.has(first)) return
  if (rest.length === 0) {
    into[first] = value
    return
  }
  const below = into[first]
  const inner = below !== null && typeof below === 'object' ? (below as Record<string, unknown>) : {}
  into[first] = inner
  put(inner, rest, value)
}

function readValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    // It only looks like JSON: a text may begin with a brace.
    return text
  }
}
