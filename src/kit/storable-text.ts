import type { Request } from 'express'
import { jsonDepth } from './json-depth.ts'
import { refuseFields } from './problem.ts'

/** PostgreSQL stores every character but this one; better to say so at the door than to fail inside. */
export function refuseNulInUrl({ originalUrl }: Pick<Request, 'originalUrl'>): void {
  if (!originalUrl.includes('%00')) return
  const query = new URLSearchParams(originalUrl.split('?').slice(1).join('?'))
  const field = [...query].find(([, value]) => value.includes('\0'))?.[0] ?? ''
  throw refuseFields([{ field: field.replaceAll('\0', '�'), message: holdsNul }])
}

/** Nothing of ours nests like this; a walk through what nests much deeper would overflow. */
const maximumDepth = 200

/**
 * For `express.json({ verify })`: no text, and no name of a field, that PostgreSQL would refuse, and nothing that nests
 * without end.
 */
export function refuseUnstorableBody(_request: unknown, _response: unknown, bytes: Buffer): void {
  const text = bytes.toString('utf8')
  if (jsonDepth(text) > maximumDepth)
    throw refuseFields([{ field: '', message: `the body nests deeper than ${maximumDepth} levels` }])
  const fault = findUnstorable(text)
  if (fault) throw refuseFields([fault])
}

const holdsNul = 'a text holds a NUL character, which cannot be stored'
const holdsHalf = 'a text holds half of a surrogate pair, which is no character'

/** Where a JSON text holds what PostgreSQL cannot store; undefined when nowhere, or when it is no JSON. */
export function findUnstorable(json: string): { field: string; message: string } | undefined {
  // Such characters arrive as escapes only: as bytes they are no JSON, or no UTF-8.
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return undefined
  const open = [{ field: '', value: readJson(json) }]
  for (let at = open.pop(); at; at = open.pop()) {
    const { field, value } = at
    const message = typeof value === 'string' && faultOf(value)
    if (message) return { field, message }
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value).toReversed()) {
      const below = field ? `${field}.${name}` : name
      const nameFault = faultOf(name)
      if (nameFault) return { field: below.toWellFormed().replaceAll('\0', '�'), message: nameFault }
      open.push({ field: below, value: inner })
    }
  }
  return undefined
}

function faultOf(text: string): string | undefined {
  if (text.includes('\0')) return holdsNul
  return text.isWellFormed() ? undefined : holdsHalf
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
