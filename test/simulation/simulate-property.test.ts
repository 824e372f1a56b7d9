import fc from 'fast-check'
import { simulateJourney } from '../../src/simulation/simulate.ts'
import { validateJourney } from '../../src/journeys/validate-journey.ts'
import { randomScenario } from '../support/random-journey.ts'

const startAtMs = Date.parse('2026-11-21T10:00:00Z')
const ends = ['completed', 'exited', 'stuck', 'cut-off']

test('any publishable journey with any contact comes to an end, twice the same', async () => {
  const reached = new Set<string>()
  const kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(randomScenario(), async ({ definition, ...rest }) => {
      expect(validateJourney(definition).filter(({ severity }) => severity === 'error')).toEqual([])
      const options = { ...rest, startAtMs, maximumSteps: 150 }
      const first = await simulateJourney(definition, options)
      expect(ends).toContain(first.state)
      reached.add(first.state)
      for (const { kind } of first.trace) kinds.add(kind)
      const times = first.trace.map(({ atMs }) => atMs)
      expect(Math.min(...times, startAtMs)).toBe(startAtMs)
      expect(await simulateJourney(definition, options)).toEqual(first)
    }),
    { numRuns: 250 },
  )
  expect([...reached].sort()).toEqual(expect.arrayContaining(['completed', 'stuck']))
  expect([...kinds]).toEqual(
    expect.arrayContaining(['message.planned', 'message.received', 'message.skipped', 'event.taken']),
  )
})

test('a journey at the pace of seconds ends within minutes and never goes in circles', async () => {
  await fc.assert(
    fc.asyncProperty(randomScenario({ pace: 'seconds' }), async ({ definition, ...rest }) => {
      const { state, finishedAtMs } = await simulateJourney(definition, { ...rest, startAtMs })
      expect(state).not.toBe('cut-off')
      expect(finishedAtMs - startAtMs).toBeLessThan(10 * 60_000)
    }),
    { numRuns: 200 },
  )
})
