import { z } from 'zod'
import { interactiveSchema } from '../../model/interactive.ts'
import { jsonObjectSchema, toText, type JsonObject } from '../../model/json.ts'
import type { MessageContent } from '../../model/message.ts'
import { valuesOfComponents } from '../../model/template-from-components.ts'
import { broadcastDirect, broadcastTemplate, type Broadcasted } from '../../quick-campaigns/broadcast.ts'
import { demandBroadcastWrapper } from '../../settings/broadcast-wrapper.ts'
import { demandBot } from '../../settings/find-bot.ts'
import { dialectRoute, type Call, type DialectRoute, type FieldNames } from '../dialect-route.ts'
import { wireTime } from '../wire-time.ts'
import { botParams, toBot } from './bot-params.ts'
import { looseEnum, readLoose, spellNames } from './loose-names.ts'
import { templateNames, templateWire } from './template-wire.ts'

const tag = 'Broadcast API'
const names = [
  ...['broadcastId', 'broadcastTitle', 'publishedOn', 'audience', 'rule', 'channels', 'channelUserIds'],
  ...[
    'payload',
    'type',
    'content',
    'data',
    'message',
    'status',
    'platform',
    'users',
    'phoneNumber',
    'template',
  ],
  ...['link', 'url', 'caption', 'filename'],
]
const onWhatsApp = looseEnum(['whatsapp'])
const head = {
  status: z.unknown().optional().meta({ description: 'as it comes: it says nothing' }),
  broadcastId: z.null({ error: 'must be null: a broadcast that was made is not changed' }).optional(),
  broadcastTitle: z.string().trim().min(1).max(200),
  publishedOn: wireTime.nullish().meta({ description: 'UTC; what is past is at once' }),
}
const media = z
  .object({ link: z.url().optional(), url: z.url().optional(), caption: z.string().max(1_024).optional() })
  .extend({ filename: z.string().max(240).optional() })
  .refine(({ link, url }) => link ?? url, { message: 'is required', path: ['link'] })
  .transform(({ link, url, ...more }) => ({ link: link ?? url ?? '', ...more }))
const file = <T extends 'image' | 'video' | 'document' | 'audio'>(type: T) =>
  z.object({ type: z.literal(type), data: media })
const content = z.preprocess(
  lowerType,
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), data: z.object({ message: z.string().min(1).max(4_096) }) }),
    z.object({ type: z.literal('interactive'), data: interactiveSchema }),
    ...[file('image'), file('video'), file('document'), file('audio')],
  ]),
)
const direct = z.object({
  ...head,
  audience: z.object({
    rule: z.object({
      channels: z.array(onWhatsApp).min(1),
      channelUserIds: z.array(z.coerce.string().trim().min(1).max(40)).min(1).max(50_000),
    }),
  }),
  payload: z.object({ type: looseEnum(['direct']), content: z.array(content).min(1).max(10) }),
})
const wrapper = z.object({
  ...head,
  platform: onWhatsApp,
  users: z
    .array(z.record(z.string().max(100), z.json()))
    .min(1)
    .max(5_000),
  payload: z.object({
    type: looseEnum(['whatsapp_template']),
    content: z
      .array(z.object({ type: looseEnum(['template']), template: templateWire }))
      .length(1, 'must be one template'),
  }),
})
const answer = z.object({
  broadcast_id: z.string().nullable().meta({ description: 'null when nobody can be sent it' }),
  status: z.enum(['PUBLISHED', 'SCHEDULED', 'WAITING', 'NOT_SENT']),
  recipients: z.int(),
  not_sent: z.array(z.object({ channel_user_id: z.string(), reason: z.string() })),
})
const body = jsonObjectSchema.meta({ description: 'as documented' })
type Asked = Call<z.output<typeof botParams>, unknown, JsonObject>

export const broadcastRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'post', summary: 'Broadcast API' },
    path: '/bot-api/v1.0/customer/:customer_id/bot/:bot_ref/broadcast',
    description:
      'Texts and interactive messages, one after the other, to users within their 24-hour window. Whoever is outside of it is ' +
      'told in `not_sent`.',
    input: { params: botParams, body },
    output: answer,
    call: sendDirect,
    toWire,
    fields: { phones: 'audience.rule.channelUserIds' },
  }),
  dialectRoute({
    ...{ tag, method: 'post', summary: 'Broadcast wrapper API' },
    path: '/bot-api/v2.0/customer/:customer_id/bot/:bot_ref/broadcast',
    description:
      'A template to users who are created or updated with their attributes. 403 until the workspace has switched it on.',
    input: { params: botParams, body },
    output: answer,
    call: sendTemplate,
    toWire,
    fields: namesOfUsers,
  }),
]

/** As many as there may be: only of those that are wrong is anything said. */
function namesOfUsers(): FieldNames {
  const phones = Array.from({ length: 5_000 }, (_, at) => [`people.${at}.phone`, `users.${at}.phoneNumber`])
  return { people: 'users', template: 'payload.content.0.template', ...Object.fromEntries(phones) }
}

async function sendDirect({ deps, workspaceId, numberId, by, params, body: sent, request }: Asked) {
  await demandBot(deps, { workspaceId, numberId }, toBot(params))
  const { broadcastTitle: title, publishedOn, audience, payload } = readLoose(direct, names, sent, request)
  return broadcastDirect(deps, {
    ...{ workspaceId, numberId, title, by, ...timeOf(publishedOn) },
    phones: [...new Set(audience.rule.channelUserIds)],
    contents: payload.content.map(toContent),
  })
}

async function sendTemplate({ deps, workspaceId, numberId, by, params, body: sent, request }: Asked) {
  await demandBot(deps, { workspaceId, numberId }, toBot(params))
  await demandBroadcastWrapper(deps, workspaceId)
  // What users are told by is theirs to name.
  const { users, ...rest } = spellNames(sent, ['users']) as JsonObject
  const spelled = spellNames(rest, [...names, ...templateNames]) as JsonObject
  const given = readLoose(wrapper, [], { ...spelled, users: users ?? null }, request)
  const [{ template } = { template: undefined }] = given.payload.content
  return broadcastTemplate(deps, {
    ...{ workspaceId, numberId, title: given.broadcastTitle, by, ...timeOf(given.publishedOn) },
    people: given.users.map(toPerson),
    template: {
      name: template?.name ?? '',
      language: template?.language.code ?? '',
      values: valuesOfComponents(template?.components ?? []),
    },
  })
}

function toPerson(user: JsonObject) {
  const { phoneNumber = '', ...attributes } = spellTop(user)
  return { phone: toText(phoneNumber), attributes }
}

/** Only what names the person has a name of the document's. */
function spellTop(user: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(user).map(([name, value]) =>
      ['phonenumber', 'phoneno'].includes(name.toLowerCase().replaceAll(/[_-]/g, ''))
        ? ['phoneNumber', value]
        : [name, value],
    ),
  )
}

function timeOf(publishedOn: string | null | undefined): { atMs?: number } {
  return publishedOn ? { atMs: Date.parse(publishedOn) } : {}
}

function lowerType(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null || !('type' in sent) || typeof sent.type !== 'string')
    return sent
  return { ...sent, type: sent.type.toLowerCase() }
}

function toContent({ type, data }: z.output<typeof content>): MessageContent {
  if (type === 'text') return { type, text: { body: data.message } }
  if (type === 'interactive') return { type, interactive: data }
  const { link, caption, filename } = data
  const shown = { link, ...(caption !== undefined && { caption }) }
  if (type === 'document')
    return { type, document: { ...shown, ...(filename !== undefined && { filename }) } }
  if (type === 'image') return { type, image: shown }
  return type === 'video' ? { type, video: shown } : { type, audio: { link } }
}

function toWire({ campaign, requested, recipients, notSent }: Broadcasted): z.input<typeof answer> {
  return {
    broadcast_id: campaign?.ref ?? null,
    status: statusOf(requested),
    recipients,
    not_sent: notSent.map(({ phone, reason }) => ({ channel_user_id: phone, reason })),
  }
}

function statusOf(requested: Broadcasted['requested']): z.input<typeof answer>['status'] {
  if (!requested) return 'NOT_SENT'
  if (requested.state === 'waiting') return 'WAITING'
  return Date.parse(requested.startsAt) > Date.now() + 1_000 ? 'SCHEDULED' : 'PUBLISHED'
}
