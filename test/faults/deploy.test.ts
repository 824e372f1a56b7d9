import { deployOverSleepers } from './deploy.ts'

test('changed workflow code is deployed while runs sleep: first carelessly, then as it should be', async () => {
  await deployOverSleepers({ runs: 20, sleepSeconds: 20, isCarelessFirst: true, timeoutMs: 120_000 })
}, 400_000)
