import { killApiUnderSockets } from './killed-sockets.ts'

test('kill -9 of an API process under open sockets: all go on elsewhere and have missed nothing', async () => {
  await killApiUnderSockets({ sockets: 60, messages: 150, timeoutMs: 120_000 })
}, 420_000)
