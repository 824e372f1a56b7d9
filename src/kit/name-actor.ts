import type { Actor } from './route.ts'

/** Who did it, for traces: `key <id>` or `user <id>`. */
export function nameActor({ kind, id }: Pick<Actor, 'kind' | 'id'>): string {
  return `${kind} ${id}`
}
