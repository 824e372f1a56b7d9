import { timingSafeEqual } from 'node:crypto'
import express, { Router, type Request } from 'express'
import { isSignedBy, parseWebhook, type InboundBatch } from '../../integrations/whatsapp/webhook.ts'
import type { Deps } from '../deps.ts'
import { hashSecret } from '../kit/seal.ts'
import { AppError } from '../model/errors.ts'
import { listNumberAccess, type NumberAccess } from '../settings/numbers.ts'
import { createIntake, type Intake, type IntakeItems } from '../inbox/intake.ts'

/** Meta's bodies are at most 3 MB. */
const maximumBody = '5mb'

/** WhatsApp's callback: the handshake, and signed events that are answered only after they are stored. */
export function whatsappWebhook(deps: Deps): Router {
  const intake = createIntake(deps)
  const router = Router()
  router.get('/', async (request, response) => {
    response.type('text/plain').send(await answerHandshake(deps, request.query))
  })
  router.post('/', express.raw({ type: () => true, limit: maximumBody }), async (request, response) => {
    await receive(deps, intake, request)
    response.sendStatus(200)
  })
  return router
}

/** `hub.challenge` comes back when `hub.verify_token` is one of our numbers'. */
async function answerHandshake(deps: Deps, query: Request['query']): Promise<string> {
  const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query
  if (mode !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') {
    throw new AppError('invalid_input', 'hub.mode=subscribe, hub.verify_token and hub.challenge are required')
  }
  const given = Buffer.from(hashSecret(token))
  const numbers = await listNumberAccess(deps)
  const known = numbers.some(({ verifyTokenHash }) => isEqual(Buffer.from(verifyTokenHash), given))
  if (!known) throw new AppError('forbidden', 'hub.verify_token is not the one of any number here')
  return challenge
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Fails closed: what no number of ours signed is refused, and a signature speaks for its own numbers only. */
async function receive(deps: Deps, intake: Intake, request: Request): Promise<void> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const signature = request.get('x-hub-signature-256')
  if (!signature) throw new AppError('bad_signature', 'X-Hub-Signature-256 is missing')
  const numbers = await reachDatabase(() => listNumberAccess(deps))
  const signers = numbers.filter(({ appSecret }) => isSignedBy(appSecret, body, signature))
  if (signers.length === 0) throw new AppError('bad_signature', 'X-Hub-Signature-256 does not match the body')
  const batches = parseWebhook(parseJson(body))
  await Promise.all(batches.map((batch) => reachDatabase(() => intake.add(itemsOf(batch, signers)))))
}

/** Signed by an app of ours but about a number we do not have: kept whole, where that app's owner can see it. */
function itemsOf(batch: InboundBatch, signers: NumberAccess[]): IntakeItems {
  const number = batch.phoneNumberId
    ? signers.find(({ phoneNumberId }) => phoneNumberId === batch.phoneNumberId)
    : signers.find(({ wabaId }) => wabaId === batch.wabaId)
  if (number) return { number, ...batch }
  const problem = `no number here has the id ${batch.phoneNumberId ?? batch.wabaId ?? '(none given)'}`
  const others = [{ field: batch.field, raw: batch.change, problem }]
  return { number: signers[0] as NumberAccess, messages: [], statuses: [], others }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (error) {
    throw new AppError('invalid_input', 'the body is not JSON', { cause: error })
  }
}

/** Any failure to store is a 503: WhatsApp then redelivers for days, and nothing is lost. */
async function reachDatabase<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('unavailable', 'the message cannot be stored right now', {
      retryAfterMs: 5_000,
      cause: error,
    })
  }
}
