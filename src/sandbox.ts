import { join } from 'node:path'
import { createSandbox } from '../integrations/whatsapp/sandbox/sandbox.ts'
import { loadConfig } from './config.ts'
import { readDemo } from './start/demo-file.ts'

/** The process of the WhatsApp sandbox: it answers for the demo workspace's number, and keeps its chats in DATA_DIR. */
async function main(): Promise<void> {
  const config = loadConfig()
  const demo = readDemo(config.DATA_DIR)
  if (!demo) throw new Error(`There is no demo workspace in ${config.DATA_DIR} yet: \`npm start\` makes it`)
  const { phoneNumberId, wabaId, displayNumber, appSecret, verifyToken } = demo.whatsapp
  const sandbox = createSandbox({
    accessTokens: ['sandbox-token'],
    numbers: [{ phoneNumberId, wabaId, displayNumber }],
    webhookUrl: `${demo.baseUrl}/webhooks/whatsapp`,
    appSecret,
    verifyToken,
    dataFile: join(config.DATA_DIR, 'sandbox', 'journal.jsonl'),
    log: console.log,
  })
  const { port } = await sandbox.listen(config.SANDBOX_PORT)
  console.log(`The WhatsApp sandbox listens on http://127.0.0.1:${port}`)
  const stop = async () => {
    await sandbox.close()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

await main()
