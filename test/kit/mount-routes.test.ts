import { z } from 'zod'
import type { Deps } from '../../src/deps.ts'
import { mountRoutes } from '../../src/kit/mount-routes.ts'
import { defineRoute, type Route } from '../../src/kit/route.ts'

const route = (method: Route['method'], path: string): Route =>
  defineRoute({
    ...{ method, path, summary: 'x', tag: 'x', auth: 'none', output: z.undefined() },
    handle: async () => undefined,
  })
const mount = (...routes: Route[]) =>
  mountRoutes({} as Deps, routes, { identify: () => Promise.reject(new Error()), unknownFields: 'refuse' })

test('two routes at one address do not start: nobody would ever get to the second', () => {
  expect(() => mount(route('get', '/tags'), route('post', '/tags'), route('get', '/tags/:id'))).not.toThrow()
  expect(() => mount(route('get', '/tags/:id'), route('get', '/tags/:name'))).toThrow(
    'two routes stand at get /tags/:',
  )
})
