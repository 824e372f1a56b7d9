import { createServer, type Server } from 'node:http'
import type { Express } from 'express'
import { routes as analyticsRoutes } from './analytics/routes.ts'
import { routes as appRoutes } from './apps/routes.ts'
import { routes as answerRoutes } from './answers/routes.ts'
import { routes as arbiterRoutes } from './arbiter/routes.ts'
import { routes as autopilotRoutes } from './autopilot/routes.ts'
import { routes as blockRoutes } from './blocks/routes.ts'
import { routes as bulkRoutes } from './bulk/routes.ts'
import { routes as campaignReportRoutes } from './campaign-reports/routes.ts'
import { routes as campaignRoutes } from './campaigns/routes.ts'
import { routes as catalogRoutes } from './catalog/routes.ts'
import { compose, dispose, type Composed } from './compose.ts'
import { loadConfig } from './config.ts'
import { routes as consentRoutes } from './consent/routes.ts'
import { routes as contactProviderRoutes } from './contact-providers/routes.ts'
import { routes as contactRoutes } from './contacts/routes.ts'
import { routes as entryPointRoutes } from './entry-points/routes.ts'
import { routes as eventRoutes } from './events/routes.ts'
import { routes as expressionRoutes } from './expressions/routes.ts'
import { routes as flowRoutes } from './flows/routes.ts'
import { flowEndpoint } from './inbound/flows.ts'
import { clickLinks } from './inbound/links.ts'
import { mediaLinks } from './inbound/media.ts'
import { whatsappWebhook } from './inbound/whatsapp.ts'
import { routes as holdRoutes } from './holds/routes.ts'
import { routes as conversationRoutes } from './conversations/routes.ts'
import { routes as inboxRoutes } from './inbox/routes.ts'
import { routes as journeyRoutes } from './journeys/routes.ts'
import { createApp } from './kit/app.ts'
import { createCodecEndpoint } from './kit/codec-endpoint.ts'
import { createReadiness } from './kit/health.ts'
import { serveLanding } from './kit/landing.ts'
import { describeApi } from './kit/openapi.ts'
import { postmanRoutes } from './kit/postman-routes.ts'
import type { Route } from './kit/route.ts'
import { serveWeb } from './kit/serve-web.ts'
import { routes as lifecycleRoutes } from './lifecycle/routes.ts'
import { routes as linkRoutes } from './links/routes.ts'
import { routes as liveEditRoutes } from './live-edits/routes.ts'
import { serveLive, type Live } from './live/serve-live.ts'
import { routes as mediaRoutes } from './media/routes.ts'
import { createAuthenticate } from './people/authenticate.ts'
import { routes as peopleRoutes } from './people/routes.ts'
import { openSession } from './people/sign-in.ts'
import { routes as webhookRoutes } from './outgoing-webhooks/routes.ts'
import { routes as pricingRoutes } from './pricing/routes.ts'
import { chatman } from './public-api/chatman.ts'
import { chatinc } from './public-api/chatinc.ts'
import { engati } from './public-api/engati.ts'
import { wabbit } from './public-api/wabbit.ts'
import { routes as scriptRoutes } from './scripts/routes.ts'
import { routes as reportRoutes } from './reports/routes.ts'
import { routes as ruleRoutes } from './rules/routes.ts'
import { routes as searchRoutes } from './search/routes.ts'
import { routes as segmentRoutes } from './segments/routes.ts'
import { routes as settingsRoutes } from './settings/routes.ts'
import { routes as simulationRoutes } from './simulation/routes.ts'
import { routes as takeoverRoutes } from './takeover/routes.ts'
import { routes as templateRoutes } from './templates/routes.ts'
import { routes as transferRoutes } from './transfers/routes.ts'
import { routes as variableGroupRoutes } from './variable-groups/routes.ts'

/** The vendors' APIs. */
export const dialects = [chatman, chatinc, engati, wabbit]

/** The whole platform API. */
export const platformRoutes: Route[] = [
  ...settingsRoutes,
  ...peopleRoutes,
  ...contactRoutes,
  ...contactProviderRoutes,
  ...consentRoutes,
  ...entryPointRoutes,
  ...eventRoutes,
  ...expressionRoutes,
  ...segmentRoutes,
  ...variableGroupRoutes,
  ...campaignReportRoutes,
  ...campaignRoutes,
  ...catalogRoutes,
  ...conversationRoutes,
  ...inboxRoutes,
  ...searchRoutes,
  ...lifecycleRoutes,
  ...arbiterRoutes,
  ...takeoverRoutes,
  ...ruleRoutes,
  ...journeyRoutes,
  ...liveEditRoutes,
  ...appRoutes,
  ...scriptRoutes,
  ...simulationRoutes,
  ...pricingRoutes,
  ...bulkRoutes,
  ...holdRoutes,
  ...reportRoutes,
  ...autopilotRoutes,
  ...blockRoutes,
  ...flowRoutes,
  ...answerRoutes,
  ...mediaRoutes,
  ...linkRoutes,
  ...transferRoutes,
  ...webhookRoutes,
  ...analyticsRoutes,
  ...templateRoutes,
  ...postmanRoutes({
    platform: () => describeApi(platformRoutes),
    ...Object.fromEntries(dialects.map(({ name, document }) => [name, document.describe])),
  }),
]

/** Everything the API process serves. */
export function createApi(deps: Composed): Express {
  const authenticate = createAuthenticate(deps)
  const readiness = createReadiness(deps)
  const codec = createCodecEndpoint({
    config: deps.config,
    authenticate,
    signIn: (input) => openSession(deps, input),
    store: deps,
  })
  return createApp(deps, {
    routes: platformRoutes,
    authenticate,
    readiness,
    callbacks: [
      { path: '/webhooks/whatsapp', router: whatsappWebhook(deps) },
      { path: '/flows', router: flowEndpoint(deps) },
      { path: '/l', router: clickLinks(deps) },
      { path: '/media', router: mediaLinks(deps) },
    ],
    documents: dialects.map(({ document }) => document),
    pages: [
      { path: '/app', router: serveWeb() },
      ...dialects.map((dialect) => ({ path: '/', router: dialect.serve(deps) })),
      { path: '/codec', router: codec },
      { path: '/', router: serveLanding(deps.config, readiness) },
    ],
  })
}

/** Less than what supervisors and orchestrators grant before they kill. */
const graceMs = 20_000
/** Longer than load balancers keep theirs (60 s), so that they close first and no request meets a closed one. */
const keepAliveTimeoutMs = 65_000
/** A gigabyte of contacts over a slow line. */
const uploadTimeoutMs = 60 * 60_000

async function main(): Promise<void> {
  const deps = await compose(loadConfig(), 'api')
  const server = createServer(createApi(deps))
  server.keepAliveTimeout = keepAliveTimeoutMs
  server.headersTimeout = keepAliveTimeoutMs + 1_000
  server.requestTimeout = uploadTimeoutMs
  const live = serveLive(deps, server, createAuthenticate(deps))
  server.on('error', (error) => {
    deps.log.fatal({ err: error }, 'the API cannot listen')
    process.exit(1)
  })
  server.listen(deps.config.PORT, () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : deps.config.PORT
    deps.log.info(`the API listens on http://127.0.0.1:${port}`)
  })
  let isStopping = false
  const stopOnce = (signal: string) => {
    if (isStopping) return
    isStopping = true
    deps.log.info({ signal }, 'the API stops: no new requests, those under way end')
    void stop(server, live, deps)
  }
  process.on('SIGTERM', stopOnce)
  process.on('SIGINT', stopOnce)
}

async function stop(server: Server, live: Live, deps: Composed): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
  const closed = new Promise((resolve) => server.close(resolve))
  // Their clients go on elsewhere, at once.
  await live.stop()
  await closed
  clearTimeout(impatience)
  await dispose(deps)
  deps.log.info('the API has stopped')
  process.exit(0)
}

if (import.meta.main) await main()
