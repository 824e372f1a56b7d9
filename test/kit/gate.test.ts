import { setTimeout as sleep } from 'node:timers/promises'
import { createGate } from '../../src/kit/gate.ts'

test('no more than its width at once, in the order they came, also after one failed', async () => {
  const gate = createGate(2)
  let inside = 0
  let most = 0
  const began: number[] = []
  const results = await Promise.allSettled(
    Array.from({ length: 7 }, (_, at) =>
      gate(async () => {
        began.push(at)
        most = Math.max(most, ++inside)
        await sleep(5)
        inside -= 1
        if (at === 1) throw new Error('one failed')
        return at
      }),
    ),
  )
  expect(most).toBe(2)
  expect(began).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})
