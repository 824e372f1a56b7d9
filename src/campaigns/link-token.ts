import type { Config } from '../config.ts'
import { signId } from '../kit/signed-id.ts'
import type { CampaignButton } from '../model/campaign-definition.ts'
import type { MessageContent } from '../model/message.ts'
import { linkMark } from './compile-journey.ts'

/** What ends the address of each counted link of a message: its token, and of further links their place. */
export function linkSuffixes(buttons: CampaignButton[], token: string): Map<number, string> {
  const links = buttons.filter(({ type }) => type === 'url')
  return new Map(links.map(({ index }, at) => [index, at === 0 ? token : `${token}.${index}`]))
}

/** Puts the message's token where a campaign's journey left its mark, once the message has its id. */
export function withLinkTokens(
  config: Pick<Config, 'MASTER_KEY'>,
  content: MessageContent,
  messageId: string,
): MessageContent {
  if (content.type !== 'template' || !JSON.stringify(content).includes(linkMark)) return content
  const token = signId(config, 'click', messageId)
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return node.startsWith(linkMark) ? node.replace(linkMark, token) : node
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
  }
  return walk(content) as MessageContent
}
