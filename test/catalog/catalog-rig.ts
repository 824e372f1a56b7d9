import { routes as catalogRoutes } from '../../src/catalog/routes.ts'
import type { Route } from '../../src/kit/route.ts'
import { openApi, openWorkspace } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'

export interface Item {
  id: string
  name: string
  retailerId: string
}
export interface Page<T = Item> {
  items: T[]
  nextCursor: string | null
}
export type CatalogRig = Awaited<ReturnType<typeof openCatalogRig>>

/** The catalog's routes over HTTP, two workspaces, and a catalog of the first. */
export async function openCatalogRig(more: Route[] = []) {
  const databaseUrl = (await freshDatabase()).url
  const api = await openApi({ DATABASE_URL: databaseUrl }, [...catalogRoutes, ...more])
  const ours = await openWorkspace(api, 'ours')
  const theirs = await openWorkspace(api, 'theirs')
  async function ask<T = Record<string, never>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    token = ours.key,
  ): Promise<T> {
    const answer = await api.ask(method, `/platform/v1${path}`, {
      token,
      ...(body !== undefined && { body }),
    })
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
    return answer.body as T
  }
  const { id: catalogId } = await ask<Item>(201, 'POST', '/catalogs', { name: 'Shop', metaCatalogId: '4711' })
  return {
    ...{ api, databaseUrl, ours, theirs, ask, catalogId },
    make: (retailerId: string, more: object = {}) => {
      const product = {
        catalogId,
        retailerId,
        name: `Product ${retailerId}`,
        price: 999,
        currency: 'USD',
        ...more,
      }
      return ask<Item>(201, 'POST', '/products', product)
    },
    listed: async (query: string) =>
      (await ask<Page>(200, 'GET', `/products?limit=200&${query}`)).items.map(({ retailerId }) => retailerId),
  }
}
