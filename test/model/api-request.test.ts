import { apiRequestSchema, buildApiRequest } from '../../src/model/api-request.ts'

const scope = {
  contact: { first_name: 'Ann "A" & Söhne', tags: ['vip'] },
  vars: { id: 'a/b?c', count: 3, ok: true, up: '..', address: { city: 'Pune' } },
  event: {},
}
const build = (settings: object) =>
  buildApiRequest(apiRequestSchema.parse({ url: 'https://api.example.com/x', ...settings }), scope)

test('values are escaped in an address', () => {
  const { input } = build({ url: 'https://api.example.com/o/{{vars.id}}?name={{contact.first_name}}' })
  expect(input['url']).toBe('https://api.example.com/o/a%2Fb%3Fc?name=Ann%20%22A%22%20%26%20S%C3%B6hne')
})

test('a value does not climb out of the path', () => {
  expect(build({ url: 'https://api.example.com/o/{{vars.up}}/admin' }).problem).toBe(
    'the address holds a step up',
  )
  expect(build({ url: 'https://api.example.com/o?at={{vars.up}}' }).problem).toBeUndefined()
})

test('in JSON values keep their types, and quotes break nothing', () => {
  const json = {
    name: '{{contact.first_name}}',
    hello: 'Hi {{contact.first_name}}!',
    count: '{{vars.count}}',
    ok: '{{ vars.ok }}',
    list: ['{{contact.tags}}', 7, null],
    to: '{{vars.address}}',
  }
  expect(build({ method: 'POST', body: { type: 'json', json } }).input['body']).toEqual({
    type: 'json',
    json: {
      name: 'Ann "A" & Söhne',
      hello: 'Hi Ann "A" & Söhne!',
      count: 3,
      ok: true,
      list: [['vip'], 7, null],
      to: { city: 'Pune' },
    },
  })
})

test('what has no value is told, wherever it stands', () => {
  const { missing } = build({
    method: 'POST',
    url: 'https://api.example.com/{{vars.a}}',
    headers: [{ name: 'x-a', value: '{{vars.b}}' }],
    body: { type: 'json', json: { c: '{{vars.c}}', d: '{{vars.d | "none"}}' } },
  })
  expect(missing).toEqual(['vars.a', 'vars.b', 'vars.c'])
})
