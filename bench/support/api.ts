import { createServer } from 'node:http'
import express from 'express'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'
import { whatsappWebhook } from '../../src/inbound/whatsapp.ts'

const config = loadConfig()
const deps = await compose(config, 'api')
const app = express()
app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
app.use('/webhooks/whatsapp', whatsappWebhook(deps))
createServer(app).listen(config.PORT, '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
