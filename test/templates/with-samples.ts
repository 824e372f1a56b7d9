import type { TemplateContent } from '../../src/model/template-components.ts'

const handle = { header_handle: ['4::sample'] }

/** The template after its sample files were uploaded. */
export function withSamples(content: TemplateContent): TemplateContent {
  const filled = content.components.map((component) => {
    if (component.type === 'HEADER')
      return wantsFile(component.format) ? { ...component, example: handle } : component
    if (component.type !== 'CAROUSEL') return component
    const cards = component.cards.map((card) => ({
      components: card.components.map((part) =>
        part.type === 'HEADER' ? { ...part, example: handle } : part,
      ),
    }))
    return { ...component, cards }
  })
  return { ...content, components: filled }
}

function wantsFile(format: string): boolean {
  return ['IMAGE', 'VIDEO', 'DOCUMENT'].includes(format)
}
