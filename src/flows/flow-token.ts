import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { MessageContent } from '../model/message.ts'
import type { FlowButton } from './find-flow-button.ts'

/** What a `flow_token` says: for whom, in which message of which run, and which Flow it opens. */
export interface FlowTokenRef {
  messageId: string
  contactId: string
  runId: string | undefined
  /** Meta's id of the Flow, or its name when the message named it. */
  flow: string
}

/** Version, three ids, the Flow, and 16 bytes of an HMAC: below the 200 characters that Meta takes. */
const version = 1
const headLength = 1 + 3 * 16
const macLength = 16

/** Nobody else can make one: the data endpoint and the answers trust what it says. */
export function signFlowToken(
  masterKey: string,
  { messageId, contactId, runId, flow }: FlowTokenRef,
): string {
  const noRun = '0'.repeat(32)
  const ids = [messageId, contactId, runId ?? noRun].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'))
  const body = Buffer.concat([Buffer.of(version), ...ids, Buffer.from(flow)])
  return Buffer.concat([body, macOf(masterKey, body)]).toString('base64url')
}

/** Undefined when we did not make it. */
export function readFlowToken(masterKey: string, token: unknown): FlowTokenRef | undefined {
  if (typeof token !== 'string' || token.length > 400) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length <= headLength + macLength || bytes[0] !== version) return undefined
  const body = bytes.subarray(0, -macLength)
  if (!timingSafeEqual(bytes.subarray(-macLength), macOf(masterKey, body))) return undefined
  const [messageId = '', contactId = '', runId = ''] = [1, 17, 33].map((from) =>
    toUuid(body.subarray(from, from + 16)),
  )
  const flow = body.subarray(headLength).toString('utf8')
  return { messageId, contactId, runId: /[1-9a-f]/.test(runId) ? runId : undefined, flow }
}

/**
 * Gives a message that opens a Flow the token that binds what comes back to it; one that the sender chose stays.
 * @param button of the template, when it is one that opens a Flow.
 */
export function withFlowToken(
  masterKey: string,
  content: MessageContent,
  ref: Omit<FlowTokenRef, 'flow'>,
  button?: FlowButton,
): MessageContent {
  const sign = (flow: string) => signFlowToken(masterKey, { ...ref, flow })
  if (content.type === 'template') {
    if (!button) return content
    const { components = [], ...template } = content.template
    const filled = withButtonToken(components, button, sign(button.flow))
    return { ...content, template: { ...template, components: filled } }
  }
  if (content.type !== 'interactive' || content.interactive.type !== 'flow') return content
  const { interactive } = content
  const { parameters } = interactive.action
  if (parameters.flow_token !== undefined) return content
  const flow_token = sign(parameters.flow_id ?? parameters.flow_name ?? '')
  const action = { ...interactive.action, parameters: { ...parameters, flow_token } }
  return { ...content, interactive: { ...interactive, action } }
}

type Component = Record<string, unknown>

function withButtonToken(components: Component[], { index }: FlowButton, flow_token: string): Component[] {
  const isIt = (component: Component) =>
    component['type'] === 'button' && component['sub_type'] === 'flow' && Number(component['index']) === index
  const own = components.find(isIt)
  const [parameter] = (own?.['parameters'] ?? []) as { action?: { flow_token?: string } }[]
  if (parameter?.action?.flow_token !== undefined) return components
  const action = { flow_token, ...parameter?.action }
  const parameters = [{ type: 'action', action }]
  const button = { type: 'button', sub_type: 'flow', index: String(index), parameters }
  return [...components.filter((component) => component !== own), button]
}

function macOf(masterKey: string, body: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(masterKey, 'hex'), '', 'dripline flow tokens 1', 32))
  return createHmac('sha256', key).update(body).digest().subarray(0, macLength)
}

function toUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
