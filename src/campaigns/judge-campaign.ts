import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Em } from '../db/orm.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { publicLink } from '../kit/signed-id.ts'
import { campaignDefinitionSchema, type CampaignDefinition } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { CampaignRow } from './find-campaigns.ts'
import { error, judgeDefinition, judgeInclude, type CampaignProblem } from './judge-definition.ts'
import { judgeReferences } from './judge-references.ts'
import { judgeTemplates } from './judge-templates.ts'

const includeSchema = z.object({ include: z.array(z.unknown()) })

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
    const { audience } = z
      .object({ audience: includeSchema })
      .catch({ audience: { include: [] } })
      .parse(draft)
    const isToldAlready = problems.some(({ field }) => field.startsWith('audience'))
    return {
      problems: isToldAlready ? problems : [...judgeInclude(kind, audience.include), ...problems],
      definition: undefined,
    }
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

/** Who gets it, of a draft whose message is not right yet; undefined while nobody does. */
export function audienceOf({
  audience,
  holdOut,
  class: messageClass,
}: JsonObject): CampaignDefinition | undefined {
  const message = { kind: 'template', name: '-' }
  const { data } = campaignDefinitionSchema.safeParse({
    ...{ audience, holdOut, class: messageClass },
    variants: [{ id: 'A', message }],
  })
  return data && data.audience.include.length > 0 ? data : undefined
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
