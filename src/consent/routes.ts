import type { Route } from '../kit/route.ts'
import { consentRoutes } from './consent-routes.ts'
import { settingsRoutes } from './settings-routes.ts'

export const routes: Route[] = [...consentRoutes, ...settingsRoutes]
