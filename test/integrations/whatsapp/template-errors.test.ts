import { readRefusal } from '../../../integrations/whatsapp/template-errors.ts'

const refusal = (status: number, error: object | string, retryAfterMs?: number) =>
  readRefusal({ status, headers: {}, body: typeof error === 'string' ? error : { error }, retryAfterMs })

test.each([
  [400, { code: 100, error_subcode: 2388024 }, 'exists', /already has a template/],
  [400, { code: 100, error_subcode: 2388023 }, 'content', /being deleted/],
  [400, { code: 100, error_subcode: 2388293 }, 'content', /too many variables/],
  [400, { code: 100, error_subcode: 2388299 }, 'content', /begin or end/],
  [400, { code: 100, error_subcode: 2388040 }, 'content', /longer than/],
  [400, { code: 100, error_subcode: 2593002 }, 'not-found', /no template/],
  [400, { code: 100, error_subcode: 33 }, 'not-found', /does not know it/],
  [401, { code: 190 }, 'access', /token is not valid/],
  [403, { code: 10 }, 'access', /whatsapp_business_management/],
  [429, { code: 80007 }, 'busy', /too many calls/],
  [429, { code: 999, message: 'Slow down' }, 'busy', /Slow down/],
  [400, { code: 80008 }, 'busy', /too fast/],
  [500, { code: 131000, message: 'Oops' }, 'unclear', /Oops/],
  [503, '<html>Bad gateway</html>', 'unclear', /HTTP 503/],
  [418, {}, 'content', /HTTP 418/],
] as const)('%i %j is %s', (status, error, kind, words) => {
  expect(refusal(status, error)).toMatchObject({ kind, words: expect.stringMatching(words) as string })
})

test("Meta's words for the user go before those for the developer, and Retry-After is kept", () => {
  const error = {
    code: 100,
    error_subcode: 2388072,
    message: '(#100) Invalid parameter',
    error_user_title: 'Body is not right',
    error_user_msg: 'There are too many emoji.',
  }
  expect(refusal(400, error, 5_000)).toEqual({
    kind: 'content',
    code: 100,
    subcode: 2388072,
    words:
      'The body or a button is not in a form that WhatsApp takes: Body is not right. There are too many emoji.',
    retryAfterMs: 5_000,
  })
})
