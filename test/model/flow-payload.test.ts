import { readFlowPayload } from '../../src/model/flow-payload.ts'

test.each([
  [
    'flow_7BBB608C||data_personx_response=Declined_Invoice_no_12345',
    '7BBB608C',
    { personx_response: 'Declined_Invoice_no_12345' },
  ],
  [
    'FLOW-default_fallback||data_a=1&b=x=y||data_c=Marks & Spencer',
    'default_fallback',
    { a: '1', b: 'x=y', c: 'Marks & Spencer' },
  ],
  ['flow_x', 'x', {}],
  ['flow_x||data_just words', 'x', { data: 'just words' }],
])('%s', (payload, flowKey, data) => {
  expect(readFlowPayload(payload)).toEqual({ flowKey, data })
})

test.each(['Approve', 'flow', 'flow_', 'campaign:1:0', ''])('%j names no flow', (payload) => {
  expect(readFlowPayload(payload)).toBeUndefined()
})
