import { randomBytes } from 'node:crypto'
import { newId } from '../../src/db/columns.ts'
import { readFlowToken, signFlowToken, withFlowToken } from '../../src/flows/flow-token.ts'
import type { MessageContent } from '../../src/model/message.ts'

const key = randomBytes(32).toString('hex')
const ref = { messageId: newId(), contactId: newId(), runId: newId(), flow: '1234567890123456' }

test('a token says what was put into it, in fewer than 200 characters', () => {
  const token = signFlowToken(key, ref)
  expect(readFlowToken(key, token)).toEqual(ref)
  expect(signFlowToken(key, { ...ref, flow: 'x'.repeat(64) }).length).toBeLessThanOrEqual(200)
  const outside = { ...ref, runId: undefined }
  expect(readFlowToken(key, signFlowToken(key, outside))).toEqual(outside)
})

test('nobody else can make one, and none can be changed', () => {
  const token = signFlowToken(key, ref)
  expect(readFlowToken(randomBytes(32).toString('hex'), token)).toBeUndefined()
  const bytes = Buffer.from(token, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const forged = Buffer.from(bytes)
    forged[at] = (forged[at] ?? 0) ^ 1
    expect(readFlowToken(key, forged.toString('base64url'))).toBeUndefined()
  }
  for (const wrong of ['', 'unused', token.slice(0, 60), `${token}AAAA`, undefined, 7, 'A'.repeat(10_000)]) {
    expect(readFlowToken(key, wrong)).toBeUndefined()
  }
})

test('a Flow message gets one; a token of its own stays, and other messages have none', () => {
  const parameters = { flow_message_version: '3' as const, flow_id: '77', flow_cta: 'Book' }
  const message = (change: object): MessageContent => ({
    type: 'interactive',
    interactive: {
      type: 'flow',
      body: { text: 'Hi' },
      action: { name: 'flow', parameters: { ...parameters, ...change } },
    },
  })
  const tokenOf = (content: MessageContent) =>
    content.type === 'interactive' && content.interactive.type === 'flow'
      ? content.interactive.action.parameters.flow_token
      : undefined
  const { flow: _flow, ...rest } = ref
  const sent = withFlowToken(key, message({}), rest)
  expect(readFlowToken(key, tokenOf(sent))).toEqual({ ...rest, flow: '77' })
  expect(tokenOf(withFlowToken(key, message({ flow_token: 'mine' }), rest))).toBe('mine')
  const text: MessageContent = { type: 'text', text: { body: 'Hi' } }
  expect(withFlowToken(key, text, rest)).toBe(text)
})

test("a template's button gets one beside its data; what the sender chose stays", () => {
  const { flow: _flow, ...rest } = ref
  const template = (components?: Record<string, unknown>[]): MessageContent => ({
    type: 'template',
    template: { name: 'book', language: { code: 'en' }, ...(components && { components }) },
  })
  const body = { type: 'body', parameters: [{ type: 'text', text: 'Ann' }] }
  const flow = (action: object) => ({
    type: 'button',
    sub_type: 'flow',
    index: '1',
    parameters: [{ type: 'action', action }],
  })
  const button = { index: 1, flow: '77' }
  const token = signFlowToken(key, { ...rest, flow: '77' })
  const fill = (components?: Record<string, unknown>[]) =>
    (withFlowToken(key, template(components), rest, button) as { template: object }).template
  expect(fill()).toMatchObject({ components: [flow({ flow_token: token })] })
  const data = { flow_action_data: { day: '1' } }
  expect(fill([flow(data), body])).toMatchObject({ components: [body, flow({ ...data, flow_token: token })] })
  expect(fill([flow({ flow_token: 'mine' })])).toMatchObject({ components: [flow({ flow_token: 'mine' })] })
  expect(withFlowToken(key, template([body]), rest)).toEqual(template([body]))
})
