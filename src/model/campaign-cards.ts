/** A card of a campaign's hidden journey that is called so sends a variant: its messages carry the variant. */
export function sendCardId(step: number, variantId: string): string {
  return `send-${step}-${variantId}`
}

/** Which variant a card sends, by its name; undefined of all other cards. */
export function sentVariant(cardId: string | undefined): string | undefined {
  return /^send-\d+-(.+?)(?:_fallback)?$/.exec(cardId ?? '')?.[1]
}
