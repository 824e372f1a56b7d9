import { z } from 'zod'
import type { QuickButton } from '../../model/quick-message.ts'
import { templateLanguages } from '../../model/template-languages.ts'
import { createQuickCampaign } from '../../quick-campaigns/create-quick-campaign.ts'
import { findByRef, runAgain, type Requested } from '../../quick-campaigns/request-run.ts'
import { describeQuickCampaign } from '../../quick-campaigns/list-quick-campaigns.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { flag, unixTime, wireId } from './wire.ts'

const tag = 'Campaigns'
const text = z.string().trim().min(1).max(100)
const button = z.discriminatedUnion('type', [
  z.object({ text, type: z.literal('input'), input: z.string().min(1).max(1_024) }),
  z.object({ text, type: z.literal('journey'), journeyId: z.string().trim().min(1).max(200) }),
  z.object({ text, type: z.literal('phone'), phoneNumber: z.string().trim().min(3).max(40) }),
  z.object({ text, type: z.literal('url'), url: z.string().trim().min(3).max(2_000) }),
])
/** `enUS`, `en_US` and `en-us` are one. */
const language = z.string().transform((said, context) => {
  const [, base = '', region] = /^([a-z]{2,3}?)(?:[_-]?([A-Z]{2}))?$/i.exec(said.trim()) ?? []
  const code = base.toLowerCase() + (region === undefined ? '' : `_${region.toUpperCase()}`)
  if (Object.hasOwn(templateLanguages, code)) return code
  context.addIssue({ code: 'custom', message: 'must be a language of WhatsApp like enUS' })
  return z.NEVER
})
const category = z.string().transform((said, context) => {
  const word = said.trim().toUpperCase()
  if (word === 'MARKETING' || word === 'UTILITY') return word
  context.addIssue({ code: 'custom', message: 'must be MARKETING or UTILITY' })
  return z.NEVER
})
const optionFields = {
  whatsAppTemplateType: category.optional(),
  runImmediately: flag.optional(),
  audiences: z.array(wireId).max(50).optional().meta({ description: 'ids or names; `all` is everybody' }),
  languageCode: language.optional(),
  timeToRun: unixTime.optional().meta({ description: 'Unix timestamp in seconds' }),
}
const createBody = z
  .object({
    title: z.string().trim().min(1).max(200).optional().meta({ description: 'required' }),
    message: z.string().trim().min(1).max(4_096).optional().meta({
      description: 'required; `{group.variable}` is a variable',
    }),
    imgUrl: z.string().trim().max(2_000).optional(),
    buttons: z.array(button).max(10).optional(),
    campaignId: wireId.optional().meta({ description: 'without a title: runs that campaign' }),
    templateType: category.optional(),
    ...optionFields,
    options: z.object(optionFields).optional(),
  })
  .meta({
    example: {
      title: 'Summer sale',
      message: 'Our summer sale begins today.',
      buttons: [{ text: 'Visit site', type: 'url', url: 'https://www.example.com' }],
      options: { runImmediately: false, audiences: ['all'], languageCode: 'enUS' },
    },
  })
  .superRefine((given, context) => {
    if (given.campaignId !== undefined && given.title === undefined) return
    for (const name of ['title', 'message'] as const)
      if (given[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: 'is required' })
  })
const runBody = z.object({
  campaignId: wireId,
  audiences: optionFields.audiences,
  timeToRun: optionFields.timeToRun,
  options: z.object(optionFields).optional(),
})
const answer = z
  .object({
    status: z.literal('success'),
    campaignId: z.string(),
    templateId: z.string().nullable(),
    whatsAppTemplatesStatus: z.string().nullable(),
    run: z
      .object({
        status: z.enum(['started', 'scheduled', 'waiting']),
        timeToRun: z.int().nullable().meta({ description: 'Unix timestamp in seconds' }),
        reason: z.string().nullable(),
      })
      .nullable()
      .meta({
        description:
          '`waiting`: it starts by itself when WhatsApp has approved the template and the run before has ended',
      }),
  })
  .meta({ id: 'ChatIncCampaign' })

export const campaignRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'post', path: '/create/campaign', summary: 'Create Campaign' },
    description:
      'Makes a template of the message, and a campaign of it. Unless it is to run, at once or at a time, that is all. A run whose ' +
      'template WhatsApp has not approved yet starts when it has. With a campaignId and no title it runs that campaign.',
    input: { body: createBody },
    output: answer,
    call: (call) => {
      const { campaignId, title } = call.body
      return campaignId !== undefined && title === undefined ? run(call, campaignId, call.body) : create(call)
    },
    toWire,
    fields: { category: 'whatsAppTemplateType', language: 'languageCode' },
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/run/campaign', summary: 'Send Campaign' },
    description:
      'Runs a campaign that was created before, again when it has run. Without audiences it goes to those of the last run, or of ' +
      'its creation.',
    input: { body: runBody },
    output: answer,
    call: (call) => run(call, call.body.campaignId, call.body),
    toWire,
  }),
]

type Options = { [K in keyof typeof optionFields]?: z.output<(typeof optionFields)[K]> }
interface Made {
  campaign: Awaited<ReturnType<typeof describeQuickCampaign>>
  requested: Requested | undefined
}

async function create({
  deps,
  workspaceId,
  numberId,
  by,
  body,
}: Call<unknown, unknown, z.output<typeof createBody>>): Promise<Made> {
  const { title = '', message = '', imgUrl, buttons = [], templateType } = body
  const options: Options = { ...definedOf(body), ...definedOf(body.options ?? {}) }
  const { runImmediately = false, timeToRun, audiences = [], languageCode = 'en_US' } = options
  const { campaign, requested } = await createQuickCampaign(deps, {
    ...{ workspaceId, numberId, title, message, by, audiences, language: languageCode },
    buttons: buttons satisfies QuickButton[],
    ...(imgUrl !== undefined && imgUrl !== '' && { imageUrl: imgUrl }),
    category: options.whatsAppTemplateType ?? templateType ?? 'MARKETING',
    run: runImmediately ? {} : timeToRun === undefined ? undefined : { atMs: timeToRun },
  })
  return { campaign: await describeQuickCampaign(deps, workspaceId, campaign.id), requested }
}

async function run(
  { deps, workspaceId, numberId, by }: Call,
  campaignId: string,
  given: Options & { options?: Options | undefined },
): Promise<Made> {
  const { audiences = [], timeToRun: atMs }: Options = {
    ...definedOf(given),
    ...definedOf(given.options ?? {}),
  }
  const { id } = await findByRef(deps, { workspaceId, numberId, ref: campaignId })
  const requested = await runAgain(deps, { workspaceId, campaignId: id, audiences, atMs, by })
  return { campaign: await describeQuickCampaign(deps, workspaceId, id), requested }
}

function definedOf<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>
}

function toWire({ campaign, requested }: Made): z.input<typeof answer> {
  const { ref, template, templateStatus } = campaign
  return {
    ...{ status: 'success', campaignId: ref, templateId: template },
    whatsAppTemplatesStatus: templateStatus?.toUpperCase() ?? null,
    run: requested ? toRun(requested) : null,
  }
}

function toRun(requested: Requested): NonNullable<z.input<typeof answer>['run']> {
  if (requested.state === 'waiting') return { status: 'waiting', timeToRun: null, reason: requested.reason }
  const at = Date.parse(requested.startsAt)
  const isLater = at > Date.now() + 1_000
  return { status: isLater ? 'scheduled' : 'started', timeToRun: Math.floor(at / 1_000), reason: null }
}
