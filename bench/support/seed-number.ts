import { randomBytes, randomInt } from 'node:crypto'
import type { Composed } from '../../src/compose.ts'
import { newId } from '../../src/db/columns.ts'
import { hashSecret } from '../../src/kit/seal.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import { welcomeDefinition } from '../../test/support/welcome.ts'

export interface WhatsAppNumber {
  phoneNumberId: string
  wabaId: string
  displayNumber: string
  appSecret: string
  verifyToken: string
}
export interface SeededNumber {
  workspaceId: string
  numberId: string
  whatsapp: WhatsAppNumber
}

/** A workspace with one number at WhatsApp's highest speed, and the published journey that `hello` starts. */
export async function seedNumber({ orm, seal }: Composed): Promise<SeededNumber> {
  const [workspaceId, numberId, journeyId, versionId] = [newId(), newId(), newId(), newId()]
  const whatsapp = {
    phoneNumberId: String(randomInt(1e14, 3e14)),
    wabaId: String(randomInt(1e14, 3e14)),
    displayNumber: '15550001111',
    appSecret: randomBytes(16).toString('hex'),
    verifyToken: randomBytes(8).toString('hex'),
  }
  const { phoneNumberId, wabaId, displayNumber, appSecret, verifyToken } = whatsapp
  const definition = JSON.stringify(journeyDefinitionSchema.parse(welcomeDefinition()))
  await orm.em.fork().transactional(async (em) => {
    await em.execute('insert into workspaces (id, name) values (?, ?)', [workspaceId, 'Bench'])
    await em.execute(
      `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
         sealed_app_secret, verify_token_hash, messages_per_second) values (?, ?, ?, ?, ?, ?, ?, ?, 1000)`,
      [
        ...[numberId, workspaceId, phoneNumberId, wabaId, displayNumber],
        ...[seal.seal('sandbox-token'), seal.seal(appSecret), hashSecret(verifyToken)],
      ],
    )
    await em.execute(
      `insert into journeys (id, workspace_id, number_id, name, draft) values (?, ?, ?, 'Welcome', ?::jsonb)`,
      [journeyId, workspaceId, numberId, definition],
    )
    await em.execute(
      'insert into journey_versions (id, workspace_id, journey_id, number, definition) values (?, ?, ?, 1, ?::jsonb)',
      [versionId, workspaceId, journeyId, definition],
    )
    await em.execute('update journeys set published_version_id = ? where id = ?', [versionId, journeyId])
  })
  return { workspaceId, numberId, whatsapp }
}
