import {
  readBusinessProfile,
  writeBusinessProfile,
  type RemoteProfile,
} from '../../integrations/whatsapp/business-profile.ts'
import type { WhatsAppAccess } from '../../integrations/whatsapp/send-message.ts'
import { uploadSample } from '../../integrations/whatsapp/templates.ts'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { findNumberAccess, type NumberAccess } from './numbers.ts'

/** What customers see of the business behind a number. It is WhatsApp that keeps it. */
export interface BusinessProfile {
  about: string
  address: string
  description: string
  email: string
  /** Meta's code, e.g. `RETAIL`. */
  vertical: string
  websites: string[]
  pictureUrl: string | null
}
type Reach = Pick<Deps, 'orm' | 'seal' | 'config'>
interface Whose {
  workspaceId: string
  numberId: string
}

/** WhatsApp shows a square of at least 192 pixels. */
export const pictureTypes = ['image/jpeg', 'image/png']
const maximumPictureBytes = 5 * 1024 * 1024

export async function getBusinessProfile(deps: Reach, whose: Whose): Promise<BusinessProfile> {
  const number = await demandNumber(deps, whose)
  return toProfile(await readBusinessProfile(accessOf(deps, number)))
}

/** Changes what is named, and leaves the rest as it is. */
export async function changeBusinessProfile(
  deps: Reach,
  whose: Whose,
  { changes, by }: { changes: Partial<Omit<BusinessProfile, 'pictureUrl'>>; by: string },
): Promise<BusinessProfile> {
  const access = accessOf(deps, await demandNumber(deps, whose))
  await writeBusinessProfile(access, changes)
  await tell(deps, whose, Object.keys(changes), by)
  return toProfile(await readBusinessProfile(access))
}

export async function changeProfilePicture(
  deps: Reach,
  whose: Whose,
  { mimeType, bytes, by }: { mimeType: string; bytes: Uint8Array; by: string },
): Promise<void> {
  if (!pictureTypes.includes(mimeType))
    throw new AppError('unsupported_media', `a profile photo is one of ${pictureTypes.join(', ')}`)
  if (bytes.byteLength > maximumPictureBytes)
    throw new AppError('too_large', `a profile photo has at most ${maximumPictureBytes} bytes`)
  const number = await demandNumber(deps, whose)
  const access = accessOf(deps, number)
  const name = `photo.${mimeType.split('/')[1]}`
  const answer = await uploadSample({ ...access, wabaId: number.wabaId }, { name, mimeType, bytes })
  if (answer.outcome === 'refused')
    throw new AppError('whatsapp_refused', `WhatsApp: ${answer.refusal.words}`)
  if (answer.outcome !== 'done')
    throw new AppError('unavailable', `WhatsApp: ${answer.reason}; try again`, { retryAfterMs: 5_000 })
  await writeBusinessProfile(access, { profile_picture_handle: answer.value.h })
  await tell(deps, whose, ['picture'], by)
}

export async function demandNumber(deps: Reach, { workspaceId, numberId }: Whose): Promise<NumberAccess> {
  const number = await findNumberAccess(deps, numberId)
  if (number.workspaceId !== workspaceId)
    throw new AppError('not_found', `phone number ${numberId} does not exist`)
  return number
}

function accessOf({ config }: Reach, { phoneNumberId, accessToken }: NumberAccess): WhatsAppAccess {
  const { WHATSAPP_BASE_URL: baseUrl, WHATSAPP_GRAPH_VERSION: graphVersion } = config
  return { baseUrl, graphVersion, phoneNumberId, accessToken, timeoutMs: config.SEND_TIMEOUT_MS }
}

function toProfile({ profile_picture_url: pictureUrl, ...profile }: RemoteProfile): BusinessProfile {
  const { about = '', address = '', description = '', email = '', vertical = '', websites = [] } = profile
  return { about, address, description, email, vertical, websites, pictureUrl: pictureUrl ?? null }
}

async function tell(
  { orm }: Reach,
  { workspaceId, numberId }: Whose,
  fields: string[],
  by: string,
): Promise<void> {
  await recordFacts(forkFor(orm, workspaceId), workspaceId, [
    { id: newId(), atMs: Date.now(), kind: 'number.profile_changed', data: { number: numberId, fields, by } },
  ])
}
