import type { Config } from '../config.ts'
import type { Em } from '../db/orm.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { publicLink } from '../kit/signed-id.ts'
import { campaignDefinitionSchema, type CampaignDefinition } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { CampaignRow } from './find-campaigns.ts'
import { error, judgeDefinition, type CampaignProblem } from './judge-definition.ts'
import { judgeReferences } from './judge-references.ts'
import { judgeTemplates } from './judge-templates.ts'

export interface JudgedCampaign {
  problems: CampaignProblem[]
  /** With all defaults; undefined when it is not well formed. */
  definition: CampaignDefinition | undefined
}

/** All that is wrong with a campaign's draft, and what is to be thought of. */
export async function judgeCampaign(
  em: Em,
  config: Pick<Config, 'PUBLIC_URL' | 'PORT'>,
  { workspaceId, numberId, kind, draft }: Pick<CampaignRow, 'workspaceId' | 'numberId' | 'kind' | 'draft'>,
): Promise<JudgedCampaign> {
  const parsed = campaignDefinitionSchema.safeParse(draft)
  if (!parsed.success) {
    const problems = toFieldErrors(parsed.error).map(({ field, message }) => error(field, message))
    return { problems, definition: undefined }
  }
  const definition = parsed.data
  const numberIds = [numberId, ...definition.otherNumberIds]
  const linkBase = publicLink(config, '/l/')
  const problems = [
    ...judgeDefinition(kind, definition),
    ...(await judgeReferences(em, workspaceId, definition)),
    ...(await judgeTemplates(em, { workspaceId, numberIds, definition, linkBase })),
  ]
  problems.sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return { problems, definition }
}

/** The definition of a campaign that may be launched; the refusal names every field that is wrong. */
export async function demandSound(
  em: Em,
  config: Pick<Config, 'PUBLIC_URL' | 'PORT'>,
  campaign: CampaignRow,
): Promise<CampaignDefinition> {
  const { problems, definition } = await judgeCampaign(em, config, campaign)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (definition && errors.length === 0) return definition
  const [first] = errors
  const rest = errors.length > 1 ? `, and ${errors.length - 1} more` : ''
  throw new AppError('unprocessable', `${first?.field}: ${first?.message}${rest}`, {
    fields: errors.map(({ field, message }) => ({ field: `definition.${field}`, message })),
  })
}
