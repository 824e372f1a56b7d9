import type { Em } from '../db/orm.ts'
import type { CampaignButton, CampaignDefinition, Variant } from '../model/campaign-definition.ts'
import { templateProblems } from '../model/template.ts'
import { fillTemplate } from '../model/template-fill.ts'
import { partsOf } from '../model/template-parts.ts'
import type { TemplateValues } from '../model/template-values.ts'
import { variablesOf } from '../model/template-variables.ts'
import {
  sendableStatuses,
  sentContentOf,
  templateColumns,
  type TemplateRow,
} from '../templates/template-row.ts'
import { error, warning, type CampaignProblem } from './judge-definition.ts'

type TemplateMessage = Extract<Variant['message'], { kind: 'template' }>

interface Account {
  numberId: string
  displayNumber: string
  wabaId: string
}

/** Whether the templates may be sent from every number, have all values, and have the buttons that actions stand at. */
export async function judgeTemplates(
  em: Em,
  input: { workspaceId: string; numberIds: string[]; definition: CampaignDefinition; linkBase: string },
): Promise<CampaignProblem[]> {
  const { workspaceId, numberIds, definition, linkBase } = input
  const accounts = await em.execute<Account[]>(
    `select id as "numberId", display_number as "displayNumber", waba_id as "wabaId" from phone_numbers
     where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(numberIds)],
  )
  const places: [string, Variant][] = [
    ...definition.variants.map((variant, at): [string, Variant] => [`variants.${at}`, variant]),
    ...definition.steps.map(({ variant }, at): [string, Variant] => [`steps.${at}.variant`, variant]),
  ]
  const problems: CampaignProblem[] = []
  for (const [place, { message }] of places) {
    problems.push(...templateProblems(message).map((wrong) => error(`${place}.message`, wrong)))
    if (message.kind !== 'template') continue
    // Actions stand at the buttons of the first message; later steps have none.
    const actions = place.startsWith('variants.') ? definition.buttons : []
    problems.push(...(await judgeMessage(em, workspaceId, accounts, `${place}.message`, message, actions)))
    const rows = await findRows(em, workspaceId, message.name)
    problems.push(...judgeButtons(actions, sendableOf(rows, accounts[0]), linkBase))
  }
  return unique(problems)
}

async function judgeMessage(
  em: Em,
  workspaceId: string,
  accounts: Account[],
  field: string,
  message: TemplateMessage,
  actions: CampaignButton[],
): Promise<CampaignProblem[]> {
  const { fallback } = message
  const tried = [
    { field, wanted: message },
    ...(fallback ? [{ field: `${field}.fallback`, wanted: { ...fallback, language: undefined } }] : []),
  ]
  const problems: CampaignProblem[] = []
  for (const { field: at, wanted } of tried) {
    const rows = await findRows(em, workspaceId, wanted.name)
    problems.push(...accounts.flatMap((account) => judgeOne(account, at, wanted, rows, actions)))
  }
  return problems
}

function judgeOne(
  account: Account,
  field: string,
  { language, values }: Pick<TemplateMessage, 'name' | 'values'> & { language?: string | undefined },
  rows: TemplateRow[],
  actions: CampaignButton[],
): CampaignProblem[] {
  const here = rows.filter(({ wabaId }) => wabaId === account.wabaId)
  const sendable = sendableOf(here, account)
  const where = `the account of ${account.displayNumber}`
  if (sendable.length === 0) {
    const standing = here.map((row) => `${row.language} is ${row.status}`).join(', ')
    const why =
      standing === '' ? `there is no such template on ${where}` : `cannot be sent from ${where}: ${standing}`
    return [error(`${field}.name`, why)]
  }
  const wanted = language === undefined ? sendable : sendable.filter((row) => row.language === language)
  if (wanted.length === 0) {
    const has = sendable.map((row) => row.language).join(', ')
    return [
      error(`${field}.language`, `the template is not approved in ${language} on ${where}: it is in ${has}`),
    ]
  }
  return wanted.flatMap((row) => [
    ...fillTemplate(sentContentOf(row), withLinks(values, actions)).missing.map((path) =>
      error(
        `${field}.values.${path}`,
        `the template needs it${wanted.length > 1 ? ` (${row.language})` : ''}`,
      ),
    ),
    ...(row.status === 'flagged'
      ? [
          warning(
            `${field}.name`,
            `WhatsApp has flagged the template (${row.language}): it may be paused soon`,
          ),
        ]
      : []),
  ])
}

/** What the send fills in itself: the tokens of counted links. */
function withLinks(values: TemplateValues, actions: CampaignButton[]): TemplateValues {
  const buttons = { ...values.buttons }
  for (const { type, index } of actions)
    if (type === 'url') buttons[String(index)] = { ...buttons[String(index)], suffix: '-' }
  return { ...values, buttons }
}

function judgeButtons(actions: CampaignButton[], rows: TemplateRow[], linkBase: string): CampaignProblem[] {
  return rows.flatMap((row) => {
    const { buttons } = partsOf(sentContentOf(row))
    const phone = buttons.findIndex(({ value }) => value.type === 'PHONE_NUMBER')
    return actions.flatMap((action, at): CampaignProblem[] => {
      const field = `buttons.${at}`
      const button = buttons[action.index]?.value
      if (!button)
        return [error(`${field}.index`, `the template has no button ${action.index} (${row.language})`)]
      if (action.type !== 'url') {
        if (button.type !== 'QUICK_REPLY')
          return [
            error(
              `${field}.index`,
              `button ${action.index} is no quick reply: a tap on it comes back to nobody`,
            ),
          ]
        return phone < 0
          ? []
          : [error(`${field}.type`, `${action.type} cannot go together with the phone button at ${phone}`)]
      }
      if (button.type !== 'URL') return [error(`${field}.index`, `button ${action.index} is no link`)]
      const { url = '' } = button
      const isCounted = variablesOf(url).length > 0 && url.startsWith(linkBase)
      return isCounted
        ? []
        : [
            error(
              `${field}.index`,
              `to be counted the template’s address must be ${linkBase}{{1}}: it is ${url}`,
            ),
          ]
    })
  })
}

async function findRows(em: Em, workspaceId: string, name: string): Promise<TemplateRow[]> {
  return em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.name = ? and t.deleted_at is null
     order by t.language`,
    [workspaceId, name],
  )
}

function sendableOf(rows: TemplateRow[], account: Account | undefined): TemplateRow[] {
  return rows.filter(({ wabaId, status }) => wabaId === account?.wabaId && sendableStatuses.includes(status))
}

function unique(problems: CampaignProblem[]): CampaignProblem[] {
  return [...new Map(problems.map((each) => [`${each.field} ${each.message}`, each])).values()]
}
