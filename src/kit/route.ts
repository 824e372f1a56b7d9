import type { Request } from 'express'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Levels } from '../model/permissions.ts'

/** Who asks: an API key or a signed-in user. Everything it may touch is its workspace's. */
export interface Actor {
  workspaceId: string
  kind: 'key' | 'user'
  id: string
  /** Of users only. */
  role?: 'admin' | 'user' | 'app'
  /** Of users whom a role of the workspace bounds, and of programs: what they may, area by area. */
  levels?: Levels
  /** Of users who came with a session. */
  sessionId?: string
  /** Of a dialect's key: the number that it is bound to. */
  numberId?: string
}

/** One operation of the platform API: the same object is served, validated and documented. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Express' notation, e.g. `/platform/v1/journeys/:id`. */
  path: string
  summary: string
  description?: string
  /** Heading in the API docs, e.g. `Journeys`. */
  tag: string
  /** `key`: any key or session of the workspace; `admin`: a platform key or an admin's session. */
  auth: 'key' | 'admin' | 'none'
  input?: { params?: z.ZodObject; query?: z.ZodObject; body?: z.ZodType }
  output: z.ZodType
  /** `false`: asked so often, and leaving so little, that the log of changes would be full of it. */
  audited?: false
  /** 200 by default; creations say 201, and 204 has no body. */
  status?: number
  /** Media types of a body that `handle` reads from the request itself, as it comes. */
  upload?: string[]
  /** What stands beside the file in a form. */
  uploadForm?: z.ZodObject
  /** The media type of an answer that `handle` writes to the response itself, as it goes; JSON too where there is an output. */
  download?: string
  handle(context: RouteContext): Promise<unknown>
}

export interface RouteContext<P = unknown, Q = unknown, B = unknown> {
  deps: Deps
  /** Of `auth: 'none'` routes nothing is known: there it is the empty workspace. */
  actor: Actor
  params: P
  query: Q
  body: B
  request: Request
}

interface TypedRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, O extends z.ZodType>
  extends Omit<Route, 'input' | 'output' | 'handle'> {
  input?: { params?: P; query?: Q; body?: B }
  output: O
  handle(context: RouteContext<z.output<P>, z.output<Q>, z.output<B>>): Promise<z.input<O>>
}

/** Infers params, query and body from the schemas; the answer is checked against `output`. */
export function defineRoute<
  O extends z.ZodType,
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(route: TypedRoute<P, Q, B, O>): Route {
  return route
}
