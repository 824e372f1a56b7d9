export interface PatchedTexts {
  header: string | undefined
  body: string | undefined
  footer: string | undefined
}

/** Components with the texts that WhatsApp tells of in an event; everything else stays as it is. */
export function patchTexts(components: readonly unknown[], texts: PatchedTexts): unknown[] {
  const byType: Readonly<Record<string, string | undefined>> = {
    HEADER: texts.header,
    BODY: texts.body,
    FOOTER: texts.footer,
  }
  return components.map((component) => {
    const { type, text } = (component ?? {}) as { type?: unknown; text?: unknown }
    const wanted = typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined
    return wanted === undefined || typeof text !== 'string'
      ? component
      : { ...(component as object), text: wanted }
  })
}
