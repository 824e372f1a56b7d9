import type { FollowUp, Variant } from '../../../src/model/campaign-definition.ts'
import type { Draft } from '../api/campaign-shapes.ts'

/** Whatever was stored over the API may leave out what has a default: the composer shows it as if it had been said. */
export function readDraft(stored: Draft): Draft {
  const { audience, variants, steps } = stored as Partial<Draft>
  const first: Loose<Variant>[] = Array.isArray(variants) && variants.length > 0 ? variants : [{ id: 'A' }]
  return {
    ...stored,
    audience: { include: audience?.include ?? [], exclude: audience?.exclude ?? [] },
    variants: first.map(readVariant),
    ...(steps && { steps: steps.map((step) => ({ ...step, variant: readVariant(step.variant) })) }),
    ...(stored.followUps && { followUps: stored.followUps.map(readFollowUp) }),
  }
}

type Loose<T> = { [K in keyof T]?: T[K] | undefined }

function readVariant({ id = 'A', weight = 1, message }: Loose<Variant>): Variant {
  if (message?.kind === 'direct')
    return { id, weight, message: { ...message, contents: message.contents ?? [] } }
  const {
    name = '',
    values = {},
    fallback,
  } = (message ?? {}) as Loose<Extract<Variant['message'], { kind: 'template' }>>
  return {
    ...{ id, weight },
    message: {
      ...message,
      ...{ kind: 'template', name, values },
      ...(fallback && { fallback: { ...fallback, values: fallback.values ?? {} } }),
    },
  }
}

function readFollowUp(given: Loose<FollowUp>, at: number): FollowUp {
  const { id = `follow-up-${at + 1}`, on = 'replied', action = { kind: 'tag', tag: '' } } = given
  return { ...given, id, on, action }
}
