import type { Config } from '../config.ts'
import { publicLink, signId } from '../kit/signed-id.ts'
import { withMediaSources, type MediaSource } from '../model/media-references.ts'
import type { MessageContent } from '../model/message.ts'

/**
 * A message as WhatsApp takes it. The ledger keeps it as it was meant: with the library's files, which expire nowhere, and with
 * the address that a counted link leads to.
 */
export function toWire(
  config: Pick<Config, 'MASTER_KEY' | 'PUBLIC_URL' | 'PORT'>,
  content: MessageContent,
  { messageId, sources }: { messageId: string; sources: ReadonlyMap<string, MediaSource & { name: string }> },
): MessageContent {
  const sendable = sources.size > 0 ? withMediaSources(content, sources) : content
  if (sendable.type !== 'interactive' || sendable.interactive.type !== 'cta_url') return sendable
  const { interactive } = sendable
  const { tracked, ...parameters } = interactive.action.parameters
  const url = tracked ? publicLink(config, `/l/${signId(config, 'click', messageId)}`) : parameters.url
  const action = { ...interactive.action, parameters: { ...parameters, url } }
  return { ...sendable, interactive: { ...interactive, action } }
}
