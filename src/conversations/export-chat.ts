import { csvLine } from '../kit/csv.ts'
import { escapeHtml } from '../kit/html.ts'
import type { Deps } from '../deps.ts'
import { listMessages } from '../inbox/find-messages.ts'
import type { MessageDetail } from '../inbox/message-detail.ts'

export const exportFormats = ['csv', 'json', 'html'] as const
export type ExportFormat = (typeof exportFormats)[number]
export const exportTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
}

interface Chat {
  workspaceId: string
  conversationId: string
  title: string
}
const pageSize = 500

/** All that was said in a chat, oldest first, as it is read. */
export function exportChat(deps: Deps, chat: Chat, format: ExportFormat): AsyncGenerator<string, void> {
  return { csv: writeCsv, json: writeJson, html: writeHtml }[format](readAll(deps, chat), chat)
}

async function* readAll(deps: Deps, chat: Chat): AsyncGenerator<MessageDetail, void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = (await listMessages(deps, { ...chat, after, limit: pageSize })).reverse()
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

const header = ['at', 'from', 'type', 'text', 'status', 'reason', 'wamid', 'id']

async function* writeCsv(messages: AsyncGenerator<MessageDetail>): AsyncGenerator<string, void> {
  yield csvLine(header)
  for await (const message of messages) {
    const { createdAt, sentByCustomerAt, direction, type, text, wamid, id } = message
    const at = sentByCustomerAt ?? createdAt
    const from = direction === 'in' ? 'customer' : 'us'
    yield csvLine([at, from, type, text, statusOf(message), message.ledger?.reason ?? '', wamid ?? '', id])
  }
}

async function* writeJson(messages: AsyncGenerator<MessageDetail>, chat: Chat): AsyncGenerator<string, void> {
  yield `{"conversationId":${JSON.stringify(chat.conversationId)},"title":${JSON.stringify(chat.title)},"messages":[`
  let isFirst = true
  for await (const message of messages) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(message)}`
    isFirst = false
  }
  yield '\n]}\n'
}

/** A page to be printed: it loads nothing and runs nothing. */
async function* writeHtml(
  messages: AsyncGenerator<MessageDetail>,
  { title }: Chat,
): AsyncGenerator<string, void> {
  yield `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(title)}</h1><ol>\n`
  for await (const message of messages) {
    const { createdAt, sentByCustomerAt, direction, type, text } = message
    const at = sentByCustomerAt ?? createdAt
    const said = text === '' ? `(${type})` : text
    const status = statusOf(message)
    yield `<li class="${direction}"><time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time> <b>${
      direction === 'in' ? 'Customer' : 'We'
    }</b>${status && ` <i>${escapeHtml(status)}</i>`}<p>${escapeHtml(said)}</p></li>\n`
  }
  yield '</ol></body></html>\n'
}

const style = `body{font:14px/1.4 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}ol{list-style:none;padding:0}
li{break-inside:avoid;border:1px solid #ccc;border-radius:6px;padding:.5rem .75rem;margin:.5rem 0}li.out{margin-left:4rem;background:#f2f7ee}
li.in{margin-right:4rem}p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0 0}time,i{color:#555;font-size:12px}`

function statusOf({ ledger }: MessageDetail): string {
  if (!ledger) return ''
  return ledger.state === 'accepted' ? (ledger.status ?? 'accepted') : ledger.state
}
