import { importMemory } from './import-memory.ts'

test('20 MB of CSV pass through API and worker, which do not hold them', async () => {
  await importMemory({ megabytes: 20, timeoutMs: 150_000 })
}, 200_000)
