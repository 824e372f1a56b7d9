import type { z } from 'zod'
import type { FieldError } from '../model/errors.ts'

type Issue = z.core.$ZodIssue

/** What zod found, one entry a field, by JSON path: `cards.welcome.settings.body`. */
export function toFieldErrors(error: z.ZodError, root = ''): FieldError[] {
  return error.issues.flatMap((issue) => describeIssue(issue, root ? [root] : []))
}

function describeIssue(issue: Issue, above: PropertyKey[]): FieldError[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: join([...path, key]), message: 'is not a field we know' }))
  }
  const nearest = issue.code === 'invalid_union' ? nearestBranch(issue.errors) : undefined
  if (nearest) return nearest.flatMap((each) => describeIssue(each, path))
  return [{ field: join(path), message: lowerFirst(issue.message) }]
}

/** Of a union's branches the one that got furthest is the one that was meant. */
function nearestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (issues: Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length))
  const best = branches.filter((issues) => issues.length > 0).toSorted((a, b) => depth(b) - depth(a))[0]
  return best && depth(best) > 0 ? best : undefined
}

function join(path: PropertyKey[]): string {
  return path.map(String).join('.')
}

/** It stands after the field's name: `name: expected string`. */
function lowerFirst(message: string): string {
  if (message.endsWith(', received undefined')) return 'is required'
  return message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
}
