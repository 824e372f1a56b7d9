import { randomUUIDv7 } from 'node:crypto'
import { p } from '@mikro-orm/core'

/** Time-ordered, so that new rows land at the end of every index. */
export function newId(): string {
  return randomUUIDv7()
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
