import type { Request } from 'express'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import { nameActor } from '../kit/name-actor.ts'
import type { Actor, Route, RouteContext } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'

/** What a dialect's route is called with: the bound number's workspace, and what was sent. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  deps: Deps
  workspaceId: string
  /** The credential's number: its chats are read, from it is sent. */
  numberId: string
  /** For traces. */
  by: string
  actor: Actor
  params: P
  query: Q
  body: B
  /** For files that come, and answers that are written as they are made. */
  request: Request
}

/** The vendor's names of our fields, for errors: `waId` is `wa_id`. What is below a field follows it. */
export type FieldNames = Record<string, string>

/** A row of a dialect: one operation, ready to be served and documented. */
export interface DialectRoute
  extends Pick<
    Route,
    | 'method'
    | 'path'
    | 'summary'
    | 'tag'
    | 'input'
    | 'output'
    | 'upload'
    | 'uploadForm'
    | 'download'
    | 'audited'
  > {
  description?: string
  status?: number
  /** Any credential of the dialect when absent. */
  auth?: Route['auth']
  /** @param names the dialect's names of our fields */
  answer(context: RouteContext, names: FieldNames): Promise<unknown>
}

interface TypedRow<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, O extends z.ZodType, R>
  extends Omit<DialectRoute, 'input' | 'output' | 'answer'> {
  input?: { params?: P; query?: Q; body?: B }
  output: O
  /** The feature's function. */
  call(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<R>
  /** Our names to the vendor's. */
  toWire(result: R): z.input<O>
  /** Where they are other than everywhere in the dialect; some depend on what was sent. */
  fields?: FieldNames | ((body: z.output<B>) => FieldNames)
}

/** Infers what a row is called with and what it answers from its schemas. */
export function dialectRoute<
  O extends z.ZodType,
  R,
  P extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>({ call, toWire, fields, ...row }: TypedRow<P, Q, B, O, R>): DialectRoute {
  return {
    ...row,
    answer: async ({ deps, actor, params, query, body, request }, names) => {
      const { workspaceId, numberId = '' } = actor
      const given = { params, query, body } as { params: z.output<P>; query: z.output<Q>; body: z.output<B> }
      try {
        return toWire(
          await call({ deps, workspaceId, numberId, by: nameActor(actor), actor, request, ...given }),
        )
      } catch (error) {
        const own = typeof fields === 'function' ? fields(given.body) : fields
        throw inWireNames(error, { ...names, ...own })
      }
    },
  }
}

/** The feature names its own fields; callers know the vendor's. */
function inWireNames(error: unknown, names: FieldNames): unknown {
  if (!(error instanceof AppError) || error.fields.length === 0) return error
  const fields = error.fields.map(({ field, message }) => ({ field: rename(field, names), message }))
  const renamed = error.fields.some(({ field }, at) => field !== fields[at]?.field)
  if (!renamed) return error
  const { code, details, retryAfterMs } = error
  const message = fields.map((each) => `${each.field}: ${each.message}`).join('; ')
  return new AppError(code, message, {
    ...{ details, fields, cause: error },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

function rename(field: string, names: FieldNames): string {
  const ours = Object.keys(names)
    .filter((name) => field === name || field.startsWith(`${name}.`))
    .toSorted((a, b) => b.length - a.length)[0]
  return ours === undefined ? field : `${names[ours]}${field.slice(ours.length)}`
}
