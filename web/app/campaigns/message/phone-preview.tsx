import type { TemplatePreview } from '../../api/campaign-shapes.ts'
import './phone-preview.css'
import { WhatsappText } from './whatsapp-text.tsx'

type Button = TemplatePreview['buttons'][number]
type Header = NonNullable<TemplatePreview['header']>

const mediaWords: Record<string, string> = {
  IMAGE: 'Picture',
  VIDEO: 'Video',
  GIF: 'GIF',
  DOCUMENT: 'Document',
  LOCATION: 'Location',
  PRODUCT: 'Product',
}

/** What it looks like in WhatsApp. */
export function PhonePreview({ messages }: { messages: TemplatePreview[] }) {
  return (
    <div className="phone" role="img" aria-label={`Preview: ${messages.map(({ body }) => body).join('; ')}`}>
      {messages.map((message, at) => (
        <Message key={at} message={message} />
      ))}
    </div>
  )
}

function Message({ message: { header, body, footer, offer, buttons, cards } }: { message: TemplatePreview }) {
  return (
    <>
      <div className="phone-message">
        <div className="phone-bubble">
          {header && <HeaderOf header={header} />}
          {offer && <div className="phone-offer">{offer.text || 'Limited-time offer'}</div>}
          {body && (
            <p className="phone-body">
              <WhatsappText text={body} />
            </p>
          )}
          {footer && <p className="phone-footer">{footer}</p>}
          <span className="phone-time">10:00</span>
        </div>
        <Buttons buttons={buttons} />
      </div>
      {cards && (
        <div className="phone-cards">
          {cards.map((card, at) => (
            <div key={at} className="phone-message">
              <div className="phone-bubble">
                {card.header && <HeaderOf header={card.header} />}
                {card.body && (
                  <p className="phone-body">
                    <WhatsappText text={card.body} />
                  </p>
                )}
              </div>
              <Buttons buttons={card.buttons} />
            </div>
          ))}
        </div>
      )}
    </>
  )
}

function HeaderOf({ header: { format, text, media } }: { header: Header }) {
  if (format === 'TEXT') return <p className="phone-header">{text}</p>
  // What the browser may load is said by the page's policy, and a stored file has no address: its name is enough.
  return (
    <div className="phone-media">
      {mediaWords[format] ?? format}
      {media && <small>{media}</small>}
    </div>
  )
}

function Buttons({ buttons }: { buttons: Button[] }) {
  return buttons.map(({ type, text, target }, at) => (
    <div key={at} className="phone-button" title={target ?? undefined}>
      {signs[type] ?? '↩'} {text}
    </div>
  ))
}

const signs: Record<string, string> = {
  URL: '↗',
  PHONE_NUMBER: '☎',
  VOICE_CALL: '☎',
  COPY_CODE: '⧉',
  OTP: '⧉',
  CATALOG: '▤',
  MPM: '▤',
  SPM: '▤',
  FLOW: '≡',
  LIST: '≡',
}
