import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { createControl } from './control.ts'
import { createEvents } from './events.ts'
import { createFaults } from './faults.ts'
import { createFlows } from './flows.ts'
import { createGraph } from './graph.ts'
import { createIdentities } from './identities.ts'
import { createInbound } from './inbound.ts'
import { createJournal } from './journal.ts'
import { createLedger } from './ledger.ts'
import { createMedia } from './media.ts'
import { addressOf, type Customer, createPhones } from './phones.ts'
import { createProfiles } from './profiles.ts'
import { createRates } from './rates.ts'
import { createSender } from './send.ts'
import { createSettings, type Settings } from './settings.ts'
import { loadState } from './state.ts'
import { createStatuses } from './statuses.ts'
import { createTemplates } from './templates.ts'
import { createUploads } from './uploads.ts'
import { createWebhooks } from './webhooks.ts'

/** The settings to start with, of which these are needed, and where the state is kept. */
export type SandboxOptions = Partial<Settings> &
  Pick<Settings, 'accessTokens' | 'numbers' | 'appSecret'> & {
    /** Append-only JSON lines; media stand beside it in `<dataFile>.media/`. Absent: memory only. */
    dataFile?: string
    log?: (message: string) => void
  }

/** WhatsApp's Cloud API on the loopback: no message leaves this machine. */
export function createSandbox({ dataFile, log = () => {}, ...initial }: SandboxOptions) {
  const parts = buildParts(initial, dataFile, log)
  const handleGraph = createGraph(parts)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use((request, response, next) => {
    if (!handleGraph(request, response)) next()
  })
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.use('/sandbox', createControl(parts))
  app.use(servePage())
  app.use((_request, response) => void response.status(404).json({ error: { message: 'not found' } }))

  // Graph calls go past Express: its routing would be a third of the cost of a send.
  const server = createServer((request, response) => {
    if (!handleGraph(request, response)) app(request, response)
  })
  server.keepAliveTimeout = 65_000

  return {
    app,
    /** Port 0 means any free one. Listens on the loopback unless a host is given. */
    async listen(port: number, host = '127.0.0.1'): Promise<{ port: number }> {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      })
      return { port: (server.address() as AddressInfo).port }
    },
    async close() {
      parts.events.close()
      parts.statuses.stop()
      parts.templates.stop()
      await parts.webhooks.close()
      if (server.listening) {
        await new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
      }
      await parts.journal.close()
    },
  }
}

function buildParts(
  initial: Record<string, unknown>,
  dataFile: string | undefined,
  log: (message: string) => void,
) {
  const settings = createSettings(initial)
  const journal = createJournal(dataFile, log)
  const events = createEvents()
  const changed = (customer: Customer, phoneNumberId: string) =>
    events.emit({ type: 'chat', phone: addressOf(customer), phoneNumberId })
  const webhooks = createWebhooks({ settings, log, random: Math.random })
  const phones = createPhones({ journal })
  const media = createMedia({ journal, folder: dataFile && `${dataFile}.media` })
  const templates = createTemplates({ settings, webhooks, journal })
  const flows = createFlows({ webhooks, journal })
  const ledger = createLedger({ settings, journal, log })
  const rates = createRates({ settings, now: Date.now })
  const faults = createFaults({ random: Math.random })
  const profiles = createProfiles({ journal })
  const uploads = createUploads()
  const identities = createIdentities({ journal })
  const shared = { settings, journal, webhooks, phones, media, rates, identities }
  const tellChange = (customer: Customer, { phoneNumberId }: { phoneNumberId: string }) =>
    changed(customer, phoneNumberId)
  const statuses = createStatuses({ ...shared, onChange: tellChange })
  const sender = createSender({ ...shared, ledger, templates, flows, statuses, onSent: tellChange })
  const inbound = createInbound({ ...shared, onReceived: changed })
  const parts = {
    ...{ settings, journal, events, webhooks, phones, media, templates, flows, ledger },
    ...{ rates, faults, profiles, statuses, sender, inbound, uploads, identities },
    /** Opens the typing bubble on the page of the chat that the message came from. */
    onTyping: (messageId: string) => {
      const place = inbound.placeOf(messageId)
      if (place) events.emit({ type: 'typing', ...place })
    },
  }
  loadState(parts)
  templates.resume()
  return parts
}

/** The phone page; nothing of it comes from elsewhere and nothing may be framed or injected. */
function servePage() {
  const router = express.Router()
  router.use((_request, response, next) => {
    response.set({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    })
    next()
  })
  router.use(express.static(fileURLToPath(new URL('./page/', import.meta.url)), { index: 'index.html' }))
  return router
}
