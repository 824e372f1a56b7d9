import { createAudienceTally, type AudienceResult } from './audience-tally.ts'
import {
  createContactOptions,
  type AudienceContact,
  type AudienceOrder,
  type Surroundings,
} from './audience-order.ts'
import { createPriceList } from '../pricing/price-list.ts'
import { simulateRun } from './simulate.ts'
import { createSimulatedTemplates } from './simulated-templates.ts'
import type { SimulationOptions } from './simulation.ts'
import { findStandingViolations } from './standing-violations.ts'

/** Walks a journey with every contact of an audience and keeps sums. Contacts do not meet: any order gives the same. */
export async function simulateAudience(
  order: AudienceOrder,
  surroundings: Surroundings,
  contacts: AsyncIterable<AudienceContact[]> | Iterable<AudienceContact[]>,
  /** Called after each batch; true ends the simulation there. */
  progress: (done: number) => Promise<boolean> | boolean = () => false,
  runScript?: SimulationOptions['runScript'],
): Promise<AudienceResult> {
  const { definition } = order
  const templates = createSimulatedTemplates(surroundings.templates, surroundings.defaultLanguage)
  const optionsOf = createContactOptions(order, surroundings, runScript)
  const tally = createAudienceTally({
    definition,
    prices: createPriceList(surroundings.rateCards),
    limits: surroundings.limits,
    templates,
  })
  for (const violation of findStandingViolations(definition, { ...surroundings, templates }))
    tally.violations.addStanding(violation)
  let done = 0
  for await (const batch of contacts) {
    for (const each of batch) {
      tally.begin(each.n, each.contact)
      tally.end(each.n, await simulateRun(definition, optionsOf(each), tally))
    }
    done += batch.length
    if (await progress(done)) break
  }
  return tally.result()
}
