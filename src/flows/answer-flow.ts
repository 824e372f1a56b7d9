import { z } from 'zod'
import { isSignedBy } from '../../integrations/whatsapp/webhook.ts'
import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { answerExchange, type FlowMapping } from '../model/flow-mapping.ts'
import { jsonObjectSchema, type JsonObject } from '../model/json.ts'
import { listNumberAccess, type NumberAccess } from '../settings/numbers.ts'
import { encryptedRequestSchema, openRequest } from './flow-crypto.ts'
import { openPrivateKeys } from './flow-keys.ts'
import { readFlowToken } from './flow-token.ts'

/** What the endpoint answers: base64 text, or nothing but Meta's status. */
export interface EndpointAnswer {
  /** 200; 421 the phone must fetch the public key anew; 427 the token is not valid; 432 the signature is wrong. */
  status: 200 | 421 | 427 | 432
  body: string
}

const questionSchema = z.looseObject({
  version: z.string().optional(),
  action: z.string(),
  screen: z.string().optional(),
  data: z.union([jsonObjectSchema, z.string()]).nullish(),
  flow_token: z.string().optional(),
})
type Question = z.infer<typeof questionSchema>

/**
 * Answers a phone that a customer fills a Flow in on, from the Flow's mapping.
 * @param id of the Flow here, or of a number: its account's Flows are told apart by their tokens.
 */
export async function answerFlow(
  deps: Pick<Deps, 'orm' | 'seal' | 'config' | 'log'>,
  { id, body, signature }: { id: string; body: Uint8Array; signature: string | undefined },
): Promise<EndpointAnswer> {
  const place = await findPlace(deps, id)
  if (!place.numbers.some(({ appSecret }) => isSignedBy(appSecret, body, signature)))
    return { status: 432, body: '' }
  const encrypted = encryptedRequestSchema.safeParse(parseJson(body))
  if (!encrypted.success) throw new AppError('invalid_input', 'the body is no encrypted Flow request')
  const numberIds = place.numbers.map((number) => number.id)
  const keys = await openPrivateKeys(deps, place.workspaceId, numberIds)
  const opened = openRequest(keys, encrypted.data)
  const question = questionSchema.safeParse(opened?.body)
  if (!opened || !question.success) return { status: 421, body: '' }
  const answer = await judge(deps, place, question.data)
  return { status: answer.status, body: opened.seal(answer.body) }
}

interface Place {
  workspaceId: string
  flowId: string | undefined
  numbers: NumberAccess[]
}

async function findPlace(deps: Pick<Deps, 'orm' | 'seal'>, id: string): Promise<Place> {
  const known = z.uuid().safeParse(id)
  const numbers = await listNumberAccess(deps)
  const number = known.success ? numbers.find((each) => each.id === id) : undefined
  if (number) return { workspaceId: number.workspaceId, flowId: undefined, numbers: [number] }
  const [flow] = known.success
    ? await deps.orm.em
        .fork()
        .execute<{ workspace_id: string; waba_id: string }[]>(
          'select workspace_id, waba_id from flows where id = ? and deleted_at is null',
          [id],
        )
    : []
  if (!flow) throw new AppError('not_found', `there is no Flow or number ${id}`)
  const { workspace_id: workspaceId, waba_id: wabaId } = flow
  const own = numbers.filter((each) => each.workspaceId === workspaceId && each.wabaId === wabaId)
  return { workspaceId, flowId: id, numbers: own }
}

type Judged = { status: 200 | 427; body: JsonObject }

async function judge(
  deps: Pick<Deps, 'orm' | 'config' | 'log'>,
  place: Place,
  question: Question,
): Promise<Judged> {
  const { action, screen, flow_token: token = '' } = question
  if (action === 'ping') return { status: 200, body: { data: { status: 'active' } } }
  const data = typeof question.data === 'object' ? (question.data ?? {}) : {}
  if ('error' in data && 'error_message' in data) {
    deps.log.warn({ flow: place.flowId, screen, error: data['error'] }, 'a Flow failed on a phone')
    return { status: 200, body: { data: { acknowledged: true } } }
  }
  const ref = readFlowToken(deps.config.MASTER_KEY ?? '', token)
  const flow = ref && (await findFlow(deps, place, ref))
  if (!ref || !flow) return { status: 427, body: { error_msg: 'This form is not valid any more.' } }
  if (!flow.mapping) {
    deps.log.warn({ flow: flow.id }, 'a Flow without a mapping asked its endpoint')
    const words = 'This form cannot go on just now.'
    return { status: 200, body: { screen: screen ?? '', data: { error_message: words } } }
  }
  const em = forkFor(deps.orm, place.workspaceId)
  const contact = await loadContactView(em, place.workspaceId, flow.contactId)
  const answer = answerExchange(flow.mapping, { action, screen, data, token }, { contact, nowMs: Date.now() })
  return { status: 200, body: answer }
}

interface AskedFlow {
  id: string
  mapping: FlowMapping | null
  /** Whom the contact of the token was merged into, if so. */
  contactId: string
}

/** The Flow that the token was made for, when it is this place's and the contact is this workspace's. */
async function findFlow(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, flowId, numbers }: Place,
  ref: { flow: string; contactId: string },
): Promise<AskedFlow | undefined> {
  const [flow] = await forkFor(deps.orm, workspaceId).execute<AskedFlow[]>(
    `select f.id, f.mapping, coalesce(c.merged_into, c.id) as "contactId"
     from flows f join contacts c on c.id = ? and c.workspace_id = f.workspace_id
     where f.workspace_id = ? and f.deleted_at is null and (f.meta_id = ? or f.name = ?) and f.waba_id = ?
       and f.status <> 'DEPRECATED' and (?::uuid is null or f.id = ?)
     order by f.meta_id = ? desc limit 1`,
    [
      ref.contactId,
      workspaceId,
      ref.flow,
      ref.flow,
      numbers[0]?.wabaId ?? '',
      flowId ?? null,
      flowId ?? null,
      ref.flow,
    ],
  )
  return flow
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
