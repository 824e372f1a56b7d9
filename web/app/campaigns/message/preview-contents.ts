import type { TemplatePreview } from '../../api/campaign-shapes.ts'
import type { Content } from './direct-message.tsx'
import type { MediaSource } from './media-input.tsx'

const blank: TemplatePreview = { header: null, body: '', footer: null, offer: null, buttons: [], cards: null }

/** Messages without a template, as they are written. */
export function previewContents(contents: Content[]): TemplatePreview[] {
  return contents.map((content) => {
    switch (content.type) {
      case 'text':
        return { ...blank, body: content.text.body }
      case 'image':
        return withMedia('IMAGE', content.image)
      case 'video':
        return withMedia('VIDEO', content.video)
      case 'document':
        return withMedia('DOCUMENT', content.document)
      case 'audio':
        return withMedia('Audio', content.audio)
      case 'sticker':
        return withMedia('Sticker', content.sticker)
      case 'template':
        return { ...blank, body: `Template ${content.template.name}` }
      case 'location':
        return {
          ...blank,
          header: { format: 'LOCATION', text: null, media: null },
          body: content.location.name ?? '',
        }
      case 'contacts':
        return { ...blank, body: content.contacts.map(({ name }) => name.formatted_name).join(', ') }
      case 'reaction':
        return { ...blank, body: content.reaction.emoji }
      case 'interactive':
        return previewInteractive(content.interactive)
    }
  })
}

function withMedia(format: string, media: MediaSource & { caption?: string | undefined }): TemplatePreview {
  const source = media.link ?? media.id ?? null
  return { ...blank, header: { format, text: null, media: source }, body: media.caption ?? '' }
}

type Interactive = Extract<Content, { type: 'interactive' }>['interactive']

function previewInteractive(interactive: Interactive): TemplatePreview {
  const body = 'body' in interactive ? (interactive.body?.text ?? '') : ''
  if (interactive.type !== 'button') return { ...blank, body: body || `[${interactive.type}]` }
  const buttons = interactive.action.buttons.map(({ reply }) => ({
    ...{ type: 'QUICK_REPLY', target: null },
    text: reply.title,
  }))
  return { ...blank, body, footer: interactive.footer?.text ?? null, buttons }
}
