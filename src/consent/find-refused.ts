import type { Em } from '../db/orm.ts'
import { categoryOfMessage, consentRefusal, type ConsentCategory, type Refused } from '../model/consent.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'

/** What somebody refused, of `contacts c`. */
export const refusedColumn = `jsonb_build_object('everything', c.opted_out_at is not null, 'categories',
  coalesce((select jsonb_agg(category) from consents s where s.contact_id = c.id and s.state = 'opted_out'), '[]')) as refused`

export async function findRefused(em: Em, workspaceId: string, contactId: string): Promise<Refused> {
  const [row] = await em.execute<{ refused: Refused }[]>(
    `select ${refusedColumn} from contacts c where c.id = ? and c.workspace_id = ?`,
    [contactId, workspaceId],
  )
  return row?.refused ?? { everything: false, categories: [] }
}

/** Why this message may not go to somebody who refused that, if so. */
export async function judgeRefused(
  em: Em,
  message: { workspaceId: string; numberId: string; class: MessageClass; content: MessageContent },
  refused: Refused,
): Promise<string | undefined> {
  // Nearly everybody: nothing needs to be asked about the message.
  if (!refused.everything && refused.categories.length === 0) return undefined
  const isTemplate = message.content.type === 'template'
  const templateCategory = await findTemplateCategory(em, message)
  return consentRefusal(refused, categoryOfMessage({ class: message.class, isTemplate, templateCategory }))
}

/**
 * What a message counts as.
 * @param isAsked a template's own category is looked up; else every message goes by its class.
 */
export async function findMessageCategory(
  em: Em,
  message: Parameters<typeof findTemplateCategory>[1] & { class: MessageClass },
  isAsked: boolean,
): Promise<ConsentCategory | 'service'> {
  const isTemplate = message.content.type === 'template'
  const templateCategory = isAsked ? await findTemplateCategory(em, message) : undefined
  return categoryOfMessage({ class: message.class, isTemplate, templateCategory })
}

/** What WhatsApp files the template under; another language of it says it too. */
async function findTemplateCategory(
  em: Em,
  { workspaceId, numberId, content }: { workspaceId: string; numberId: string; content: MessageContent },
): Promise<string | undefined> {
  if (content.type !== 'template') return undefined
  const { name, language } = content.template
  const [row] = await em.execute<{ category: string }[]>(
    `select t.category from templates t join phone_numbers p on p.id = ? and p.waba_id = t.waba_id
     where t.workspace_id = ? and t.name = ? and t.deleted_at is null order by t.language = ? desc limit 1`,
    [numberId, workspaceId, name, language.code],
  )
  return row?.category
}
