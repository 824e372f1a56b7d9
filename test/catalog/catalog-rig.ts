import { routes as catalogRoutes } from '../../src/catalog/routes.ts'
import type { Route } from '../../src/kit/route.ts'
import { openWorkspaceApi, type Page } from '../support/workspace-api.ts'

export interface Item {
  id: string
  name: string
  retailerId: string
}
export type CatalogRig = Awaited<ReturnType<typeof openCatalogRig>>

/** The catalog's routes over HTTP, two workspaces, and a catalog of the first. */
export async function openCatalogRig(more: Route[] = []) {
  const rig = await openWorkspaceApi([...catalogRoutes, ...more])
  const { ask } = rig
  const { id: catalogId } = await ask<Item>(201, 'POST', '/catalogs', { name: 'Shop', metaCatalogId: '4711' })
  return {
    ...rig,
    catalogId,
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
      (await ask<Page<Item>>(200, 'GET', `/products?limit=200&${query}`)).items.map(
        ({ retailerId }) => retailerId,
      ),
  }
}
