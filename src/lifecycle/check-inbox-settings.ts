import type { Em } from '../db/orm.ts'
import { checkMediaReference } from '../media/check-media-reference.ts'
import { AppError } from '../model/errors.ts'
import type { AutomaticMessage, InboxSettings } from '../model/inbox-settings.ts'

/** What settings name must be there, and what they say must be able to happen. */
export async function checkInboxSettings(
  em: Em,
  workspaceId: string,
  settings: InboxSettings,
): Promise<void> {
  const { businessHours, unattended, unavailable } = settings
  if (!businessHours && unavailable?.when === 'outside-hours')
    throw refuse('businessHours', 'are needed for a message outside of them')
  if (unattended?.to.kind === 'group') await checkGroup(em, workspaceId, unattended.to.groupId)
  for (const [field, said] of messagesOf(settings)) await checkMessage(em, workspaceId, field, said)
}

function messagesOf({ welcome, unavailable, closure, nudge }: InboxSettings): [string, AutomaticMessage][] {
  const all: [string, AutomaticMessage | null | undefined][] = [
    ['welcome.message', welcome?.message],
    ['unavailable.message', unavailable?.message],
    ['closure.message', closure?.message],
    ['nudge.message', nudge?.message],
  ]
  return all.filter((each): each is [string, AutomaticMessage] => Boolean(each[1]))
}

async function checkMessage(
  em: Em,
  workspaceId: string,
  field: string,
  said: AutomaticMessage,
): Promise<void> {
  if ('content' in said) return checkMediaReference(em, workspaceId, said.content, `${field}.content`)
  if (!('blockId' in said)) return
  const [block] = await em.execute<object[]>(
    'select 1 from blocks where workspace_id = ? and id = ? and deleted_at is null',
    [workspaceId, said.blockId],
  )
  if (!block) throw refuse(`${field}.blockId`, `there is no block ${said.blockId}`)
}

async function checkGroup(em: Em, workspaceId: string, groupId: string): Promise<void> {
  const [group] = await em.execute<object[]>('select 1 from groups where workspace_id = ? and id = ?', [
    workspaceId,
    groupId,
  ])
  if (!group) throw refuse('unattended.to.groupId', `there is no group ${groupId}`)
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field}: ${message}`, { fields: [{ field, message }] })
}
