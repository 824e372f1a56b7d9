import { randomBytes } from 'node:crypto'

/** A refusal in Meta's words: becomes `{ error: { message, type, code, error_data, fbtrace_id } }`. */
export class GraphError extends Error {
  code: number
  details: string
  httpStatus: number
  subcode: number | undefined
  constructor(
    code: number,
    details: string,
    options: { subcode?: number; title?: string; httpStatus?: number } = {},
  ) {
    const [title, httpStatus] = knownErrors[code] ?? ['Something went wrong', 400]
    super(options.title ?? title)
    this.code = code
    this.details = details
    this.subcode = options.subcode
    this.httpStatus = options.httpStatus ?? httpStatus
  }
}

/** Title and HTTP status by code, from Meta's "Cloud API error codes" page; throttles answer 429. */
export const knownErrors: Record<number, [title: string, httpStatus: number]> = {
  0: ['AuthException', 401],
  1: ['API Unknown', 400],
  2: ['API Service', 503],
  3: ['API Method', 500],
  4: ['API Too Many Calls', 429],
  10: ['Permission Denied', 403],
  33: ['Parameter value is not valid', 400],
  100: ['Invalid parameter', 400],
  190: ['Invalid OAuth access token - Cannot parse access token', 401],
  200: ['API Permission', 403],
  368: ['Temporarily blocked for policies violations', 403],
  2500: ['Unknown path components', 400],
  2635: ['You are calling a version of the API that is not available', 400],
  80007: ['Rate limit issues', 429],
  130429: ['Rate limit hit', 429],
  130472: ["User's number is part of an experiment", 400],
  130497: ['Business account is restricted from messaging users in this country', 403],
  131000: ['Something went wrong', 500],
  131005: ['Access denied', 403],
  131008: ['Required parameter is missing', 400],
  131009: ['Parameter value is not valid', 400],
  131016: ['Service unavailable', 503],
  131021: ['Recipient cannot be sender', 400],
  131026: ['Message undeliverable', 400],
  131030: ['Recipient phone number not in allowed list', 400],
  131031: ['Account has been locked', 403],
  131037: ['WhatsApp provided number needs display name approval before message can be sent', 400],
  131042: ['Business eligibility payment issue', 400],
  131045: ['Incorrect certificate', 500],
  131047: ['Re-engagement message', 400],
  131048: ['Spam rate limit hit', 429],
  131049: ['This message was not delivered to maintain healthy ecosystem engagement', 400],
  131050: ['User has stopped receiving marketing messages from this business', 400],
  131051: ['Unsupported message type', 400],
  131052: ['Media download error', 400],
  131053: ['Media upload error', 400],
  131056: ['(Business Account, Consumer Account) pair rate limit hit', 429],
  131057: ['Account in maintenance mode', 500],
  131062: ['Business-scoped user ids are not supported for this message', 400],
  131063: ['Marketing templates are not available', 400],
  131064: ['Account is restricted from sending', 403],
  132000: ['Number of parameters does not match the expected number of params', 400],
  132001: ['Template name does not exist in the translation', 404],
  132005: ['Translated text too long', 400],
  132007: ['Template format character policy violated', 400],
  132008: ['Parameter value is not valid', 400],
  132012: ['Parameter format does not match format in the created template', 400],
  132015: ['Template is paused', 400],
  132016: ['Template is disabled', 400],
  132068: ['Flow is blocked', 400],
  132069: ['Flow is throttled', 400],
  133004: ['Server temporarily unavailable', 503],
  133010: ['Phone number not registered', 400],
  133016: ['Account register deregister rate limit exceeded', 429],
  135000: ['Generic user error', 400],
  137000: ['Recipient identity key hash mismatch', 400],
}

export function graphErrorBody(error: GraphError) {
  const plain = error.code === 190 || error.subcode === 33
  return {
    error: {
      message: plain ? error.message : `(#${error.code}) ${error.message}`,
      type: error.subcode === 33 ? 'GraphMethodException' : 'OAuthException',
      code: error.code,
      ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
      ...(error.code === 190
        ? {}
        : { error_data: { messaging_product: 'whatsapp', details: error.details } }),
      fbtrace_id: `A${randomBytes(16).toString('base64url').slice(0, 21)}`,
    },
  }
}

/** The same error as a `failed` status or an `errors` item of a webhook carries it. */
export function webhookErrorItem(code: number, details: string) {
  const title = knownErrors[code]?.[0] ?? 'Something went wrong'
  return {
    code,
    title,
    message: title,
    error_data: { details },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  }
}

export function unknownObject(id: string): GraphError {
  return new GraphError(100, `Object ${id} does not exist`, {
    subcode: 33,
    title:
      `Unsupported request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
      'permissions, or does not support this operation.',
  })
}
