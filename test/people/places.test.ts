import { placeOf } from '../../src/model/permissions.ts'
import { platformRoutes } from '../../src/server.ts'

// A heading that is not placed is closed to programs and to everybody whom a role of the workspace bounds.
test('every heading of the API has its area of permissions, in src/model/permissions.ts', () => {
  const tags = new Set(platformRoutes.map(({ tag }) => tag))
  expect([...tags].filter((tag) => placeOf({ tag }) === undefined)).toEqual([])
})
