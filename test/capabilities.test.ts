import { describeApi } from '../src/kit/openapi.ts'
import { dialects, platformRoutes } from '../src/server.ts'
import { ofAudience } from './support/capabilities/audience.ts'
import type { Capabilities } from './support/capabilities/capabilities.ts'
import { ofContent } from './support/capabilities/content.ts'
import { ofDialects } from './support/capabilities/dialects.ts'
import { ofInbox } from './support/capabilities/inbox.ts'
import { ofJourneys } from './support/capabilities/journeys.ts'
import { ofPeople } from './support/capabilities/people.ts'
import { ofLifecycle } from './support/capabilities/lifecycle.ts'
import { ofRules } from './support/capabilities/rules.ts'
import { ofWebhooks } from './support/capabilities/webhooks.ts'

const { paths = {} } = describeApi(platformRoutes)
const operations = new Set(
  Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item as object).map(
      (method) => `${method.toUpperCase()} ${path.replace('/platform/v1', '')}`,
    ),
  ),
)
const missing = (wanted: Capabilities) =>
  Object.entries(wanted).flatMap(([capability, needs]) =>
    [needs]
      .flat()
      .filter((operation) => !operations.has(operation))
      .map((operation) => `${capability}: ${operation}`),
  )

test.each(dialects.map((dialect) => [dialect.name, dialect] as const))(
  'every row of %s is listed here, and is on the platform too',
  (name, { routes }) => {
    const listed = ofDialects[name] ?? {}
    expect(routes.map(({ summary }) => summary).sort()).toEqual(Object.keys(listed).sort())
    expect(missing(listed)).toEqual([])
  },
)

test.each(
  Object.entries({
    ...{ ...ofAudience, ...ofContent, ...ofInbox, ...ofJourneys },
    ...{ ...ofPeople, ...ofLifecycle, ...ofRules, ...ofWebhooks },
  }),
)('everything that one can do with %s has its operation', (_room, verbs) => {
  expect(missing(verbs)).toEqual([])
})
