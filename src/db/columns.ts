import { createHash, randomUUIDv7 } from 'node:crypto'
import { p } from '@mikro-orm/core'

/** Time-ordered, so that new rows land at the end of every index. */
export function newId(): string {
  return randomUUIDv7()
}

/** The same id for the same words, for rows that a repeated step must not write twice (UUID version 8). */
export function derivedId(...words: string[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Columns that most entities share. */
export const id = () => p.uuid().primary().onCreate(newId)
export const workspaceId = () => p.uuid()
export const createdAt = () => p.datetime().onCreate(() => new Date())
export const updatedAt = () =>
  p
    .datetime()
    .onCreate(() => new Date())
    .onUpdate(() => new Date())
