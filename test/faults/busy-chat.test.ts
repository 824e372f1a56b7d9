import { busyChat } from './busy-chat.ts'

test('thousands of messages to one chat: it begins anew before 2,000 signals, and routes each message once', async () => {
  await busyChat({ inBatches: 1_000, repeats: 1_700, oneByOne: 200, executions: 2 })
}, 180_000)
