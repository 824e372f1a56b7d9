import type { ErrorRequestHandler, RequestHandler } from 'express'
import { z } from 'zod'
import { AppError, errorTable, type FieldError } from '../model/errors.ts'
import { toFieldErrors } from './field-errors.ts'
import type { Log } from './log.ts'
import { isUnavailable } from './unavailable.ts'

export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:dripline:problem:invalid_input' }),
    title: z.string().meta({ example: 'The request is not valid' }),
    status: z.int().meta({ example: 400 }),
    code: z.string().meta({ example: 'invalid_input' }),
    detail: z.string().meta({ example: 'name: must not be empty' }),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).meta({
      description: 'what is wrong with which field, by JSON path',
      example: [{ field: 'name', message: 'must not be empty' }],
    }),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().meta({ description: 'to be named when asking for help; also in X-Request-Id' }),
  })
  .meta({ id: 'Problem', description: 'Problem details as of RFC 9457' })
export type Problem = z.infer<typeof problemSchema>

/** The projection of an error onto HTTP (RFC 9457). What is not meant for callers says nothing but its request id. */
function toProblem(error: AppError, requestId: string): Problem {
  const { code, message, details, fields } = error
  const { status, title } = errorTable[code]
  return {
    type: `urn:dripline:problem:${code}`,
    title,
    status,
    code,
    detail: message,
    fields,
    ...(Object.keys(details).length > 0 && { details }),
    requestId,
  }
}

/** Any error as one that callers may read. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof z.ZodError) return refuseFields(toFieldErrors(error))
  if (isUnavailable(error)) {
    const message = 'the database or the workflow server does not answer just now'
    return new AppError('unavailable', message, { retryAfterMs: 2_000, cause: error })
  }
  return fromHttpError(error) ?? internal(error)
}

export function refuseFields(fields: FieldError[]): AppError {
  const detail = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ')
  return new AppError('invalid_input', detail.slice(0, 2_000), { fields: fields.slice(0, 100) })
}

/** How an error reads on one API's wire. */
export type Projection = (
  error: AppError,
  requestId: string,
) => { status: number; mediaType: string; body: unknown }

const asProblem: Projection = (error, requestId) => {
  const body = toProblem(error, requestId)
  return { status: body.status, mediaType: 'application/problem+json', body }
}

/** Last in line: answers what failed, and logs what is ours to mend. */
export function answerProblems(log: Log, project: Projection = asProblem): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const error = toAppError(thrown)
    const requestId = typeof request.id === 'string' ? request.id : ''
    if (error.code === 'internal') log.error({ err: thrown, requestId }, 'a request failed')
    else if (error.code === 'unavailable') log.warn({ err: error.cause, requestId }, 'a part is away')
    if (response.headersSent) return next(thrown)
    if (error.retryAfterMs !== undefined) {
      response.set('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))))
    }
    const { status, mediaType, body } = project(error, requestId)
    if (status === 401) response.set('WWW-Authenticate', 'Bearer')
    response.status(status).type(mediaType).send(JSON.stringify(body))
  }
}

export const answerNotFound: RequestHandler = (request) => {
  throw new AppError('not_found', `there is nothing at ${request.method} ${request.baseUrl}${request.path}`)
}

/** What Express and its body parser throw. */
function fromHttpError(error: unknown): AppError | undefined {
  const { type, status, limit, message } = error as HttpError
  if (type === 'entity.too.large') return new AppError('too_large', `the body has more than ${limit} bytes`)
  if (type === 'entity.parse.failed') {
    return refuseFields([{ field: '', message: `the body is not valid JSON: ${message}` }])
  }
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new AppError('unsupported_media', String(message))
  }
  if (status === undefined || status < 400 || status >= 500) return undefined
  return refuseFields([{ field: '', message: String(message) }])
}

interface HttpError {
  type?: string
  status?: number
  limit?: number
  message?: string
}

function internal(cause: unknown): AppError {
  return new AppError('internal', 'something went wrong on our side; the request id names it in our log', {
    cause,
  })
}
