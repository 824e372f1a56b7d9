import { openChatinc, type ChatincRig, type Made } from './chatinc-rig.ts'

let rig: ChatincRig
beforeAll(async () => {
  rig = await openChatinc()
})
afterAll(() => rig.close())

interface Operation {
  parameters?: { name: string; schema: object }[]
  requestBody?: {
    content: Record<string, { schema: { properties: object; required?: string[] }; example?: object }>
  }
  responses: Record<string, { content?: object }>
}
const operation = async (api: string, method: string, path: string) => {
  const { body } = await rig.line.ask('GET', `/openapi/${api}.json`)
  const found = (body['paths'] as Record<string, Record<string, Operation>>)[path]?.[method]
  if (!found) throw new Error(`${method} ${path} is not described`)
  return found
}

test('the body that the document shows makes a campaign', async () => {
  const { requestBody } = await operation('chatinc', 'post', '/v1/create/campaign')
  const example = requestBody?.content['application/json']?.example ?? {}
  expect(await rig.post<Made>('/create/campaign', example)).toMatchObject({ status: 'success', run: null })
})

test('what is retrieved by query or body is described by its type', async () => {
  const { parameters, requestBody, responses } = await operation('chatinc', 'post', '/v1/retrieve/campaign')
  const described = {
    campaignId: { type: ['string', 'number'], description: 'required' },
    format: { type: 'string', description: 'json or csv' },
    limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 1_000 },
  }
  for (const [name, schema] of Object.entries(described))
    expect(parameters).toContainEqual(
      expect.objectContaining({ name, schema: expect.objectContaining(schema) as object }),
    )
  expect(requestBody?.content['application/json']?.schema.properties).toMatchObject(described)
  expect(Object.keys(responses['200']?.content ?? {}).toSorted()).toEqual(['application/json', 'text/csv'])
})

test('what stands beside a file in a form is described', async () => {
  const { requestBody, responses } = await operation('chatinc', 'post', '/v1/create/variable/group/from/file')
  const { properties, required } = requestBody?.content['multipart/form-data']?.schema ?? { properties: {} }
  expect(Object.keys(properties)).toEqual(['file', 'id', 'name', 'description', 'audienceId'])
  expect(required?.toSorted()).toEqual(['file', 'id'])
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '403']))
})

test('the statuses of Engati are those that it answers', async () => {
  const path = '/bot-api/v1.0/customer/{customer_id}/bot/{bot_ref}/users'
  const { responses } = await operation('engati', 'get', path)
  expect(Object.keys(responses)).toEqual(['200', '400', '401', '403', '503'])
})
