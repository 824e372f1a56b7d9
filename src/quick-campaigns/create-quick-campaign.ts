import { randomInt } from 'node:crypto'
import { createCampaign } from '../campaigns/save-campaign.ts'
import type { CampaignRow } from '../campaigns/find-campaigns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { lookUpFlow } from '../journeys/find-by-flow-key.ts'
import { publicLink } from '../kit/signed-id.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import {
  quickFieldOf,
  quickMessageProblems,
  toQuickTemplate,
  type QuickButton,
  type QuickTemplate,
} from '../model/quick-message.ts'
import type { TemplateCategory } from '../model/template-components.ts'
import { accountOf } from '../settings/account-of.ts'
import { deleteTemplate } from '../templates/delete-template.ts'
import { createDraft } from '../templates/save-draft.ts'
import { submitTemplate } from '../templates/submit-template.ts'
import { chooseAudience } from './choose-audience.ts'
import { fetchPicture } from './fetch-picture.ts'
import { requestRun, type Requested } from './request-run.ts'

export interface QuickCampaign {
  workspaceId: string
  numberId: string
  title: string
  message: string
  imageUrl?: string | undefined
  buttons: QuickButton[]
  category: TemplateCategory
  language: string
  /** Segments by id or name. */
  audiences: string[]
  /** Whether it is to be sent, at once or at a time; else only the template is made, and the campaign waits. */
  run: { atMs?: number | undefined } | undefined
  by: string
}

/**
 * Makes a campaign of a text: its template, which WhatsApp looks at first, and the campaign that sends it. Everything that can be
 * refused is refused before anything is made.
 */
export async function createQuickCampaign(
  deps: Deps,
  input: QuickCampaign,
): Promise<{ campaign: CampaignRow; requested: Requested | undefined }> {
  const { workspaceId, numberId, title, by, language, category, audiences, run } = input
  const em = forkFor(deps.orm, workspaceId)
  const buttons = await demandSayable(em, input)
  const audience =
    audiences.length > 0 ? await chooseAudience(em, workspaceId, audiences) : { include: [], exclude: [] }
  if (run && audience.include.length === 0) throw refuse('audiences', 'say whom it is to be sent to')
  const wabaId = await accountOf(em, workspaceId, numberId)
  const image =
    input.imageUrl === undefined
      ? undefined
      : await fetchPicture(deps, { workspaceId, wabaId, url: input.imageUrl })
  const { message } = input
  const linkBase = publicLink(deps.config, '/l/')
  const made = toQuickTemplate({ message, buttons, image, linkBase })
  const { components, values, actions, order } = made
  const counted = actions.find(({ type }) => type === 'url')
  if (counted && deps.config.PUBLIC_URL === undefined)
    throw refuse(
      `buttons.${order[counted.index] ?? 0}.url`,
      'such a variable address goes by a link of this server, which has no PUBLIC_URL: let it be https://…/{group.variable}',
    )
  const name = nameTemplate(title)
  const content = { name, language, category, parameterFormat: 'POSITIONAL' as const, components }
  const { id } = await createDraft(deps, { workspaceId, wabaId, content, by }).catch((error: unknown) => {
    throw inItsWords(error, made)
  })
  try {
    await submitTemplate(deps, { workspaceId, id, by })
  } catch (error) {
    // Nobody knows of the draft but us.
    await deleteTemplate(deps, { workspaceId, id, by, force: true }).catch((other: unknown) =>
      deps.log.warn({ err: other, templateId: id }, 'the draft of a refused campaign stays'),
    )
    throw inItsWords(error, made)
  }
  const variant = { id: 'A', message: { kind: 'template', name, language, values } }
  const campaign = await createCampaign(deps, {
    ...{ workspaceId, numberId, name: title, kind: 'one-time', by },
    draft: {
      variants: [JSON.parse(JSON.stringify(variant)) as typeof variant],
      class: category === 'MARKETING' ? 'marketing' : 'utility',
      audience: JSON.parse(JSON.stringify(audience)) as never,
      buttons: actions.map((action) => ({ ...action })),
    },
  })
  const requested =
    run && (await requestRun(deps, { workspaceId, campaignId: campaign.id, audience, atMs: run.atMs, by }))
  return { campaign, requested }
}

/** What is wrong with the template, by the parts of the message that it was made of. */
function inItsWords(error: unknown, made: QuickTemplate): unknown {
  if (!(error instanceof AppError) || error.fields.length === 0) return error
  const { code, details } = error
  const fields = error.fields.map(({ field, message }) => ({ field: quickFieldOf(made, field), message }))
  const words = fields.map(({ field, message }) => `${field} ${message}`).join('; ')
  return new AppError(code, `${error.message}: ${words}`, { fields, details, cause: error })
}

/** The buttons, with journeys by id or by the key that other systems call them by. */
async function demandSayable(
  em: Em,
  { workspaceId, numberId, message, buttons }: QuickCampaign,
): Promise<QuickButton[]> {
  const problems: FieldError[] = quickMessageProblems({ message, buttons })
  const resolved: QuickButton[] = []
  for (const [at, button] of buttons.entries()) {
    if (button.type !== 'journey') {
      resolved.push(button)
      continue
    }
    const { journeyId: flowKey } = button
    const journeyId = await lookUpFlow(em, { workspaceId, numberId, flowKey })
    if (journeyId === undefined)
      problems.push({
        field: `buttons.${at}.journeyId`,
        message: `button ${at}: there is no journey "${flowKey}"`,
      })
    else resolved.push({ ...button, journeyId })
  }
  if (problems.length === 0) return resolved
  throw new AppError('unprocessable', problems.map((each) => `${each.field}: ${each.message}`).join('; '), {
    fields: problems,
  })
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** WhatsApp keeps a template's name for weeks after it is deleted: no two campaigns share one. */
function nameTemplate(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  const end = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')
  return `${words || 'campaign'}_${end}`
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field}: ${message}`, { fields: [{ field, message }] })
}
