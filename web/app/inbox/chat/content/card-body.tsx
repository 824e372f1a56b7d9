import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Message } from '../../../api/inbox-shapes.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { list, words } from './read-content.ts'
import { TextBody } from './text-body.tsx'

/** A sign, a heading and some lines. */
export function Box({ icon, title, children }: { icon: IconName; title: ReactNode; children?: ReactNode }) {
  return (
    <div className="inbox-file">
      <Icon name={icon} size={26} />
      <span className="inbox-file-name">
        {title}
        {children}
      </span>
    </div>
  )
}

export function LocationBody({ message: { content } }: { message: Message }) {
  const name = words(content, 'location', 'name')
  const latitude = words(content, 'location', 'latitude')
  const longitude = words(content, 'location', 'longitude')
  return (
    <Box
      icon="pin"
      title={
        <Anchor
          href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
          target="_blank"
          rel="noopener noreferrer"
          size="sm"
        >
          {name || 'Location'}
        </Anchor>
      }
    >
      <small>{words(content, 'location', 'address') || `${latitude}, ${longitude}`}</small>
    </Box>
  )
}

export function ContactsBody({ message: { content } }: { message: Message }) {
  return list(content, 'contacts').map((contact, at) => (
    <Box key={at} icon="user" title={words(contact, 'name', 'formatted_name') || 'Contact'}>
      {list(contact, 'phones').map((phone, line) => (
        <small key={line}>{words(phone, 'phone') || words(phone, 'wa_id')}</small>
      ))}
      {list(contact, 'emails').map((email, line) => (
        <small key={line}>{words(email, 'email')}</small>
      ))}
      {words(contact, 'org', 'company') && <small>{words(contact, 'org', 'company')}</small>}
    </Box>
  ))
}

export function OrderBody({ message: { content } }: { message: Message }) {
  const items = list(content, 'order', 'product_items')
  const currency = words(items, 0, 'currency')
  const total = items.reduce(
    (sum, item) => sum + Number(words(item, 'item_price')) * Number(words(item, 'quantity') || '1'),
    0,
  )
  return (
    <>
      <Box icon="bag" title={`Order of ${items.length} ${items.length === 1 ? 'product' : 'products'}`}>
        {items.map((item, at) => (
          <small key={at}>
            {words(item, 'quantity')} × {words(item, 'product_retailer_id')} · {words(item, 'item_price')}{' '}
            {words(item, 'currency')}
          </small>
        ))}
        {items.length > 0 && (
          <strong>
            {total.toLocaleString(undefined, { maximumFractionDigits: 2 })} {currency}
          </strong>
        )}
      </Box>
      <TextBody text={words(content, 'order', 'text')} />
    </>
  )
}

/** What WhatsApp does not hand over, or what we do not know yet. */
export function OtherBody({ message: { content, type, text } }: { message: Message }) {
  const problem = words(content, 'errors', 0, 'error_data', 'details') || words(content, 'errors', 0, 'title')
  const isUnsupported = type === 'unsupported' || type === 'unknown'
  return (
    <Box
      icon="info"
      title={
        isUnsupported ? 'A message of a kind that WhatsApp does not hand over' : `Message of type “${type}”`
      }
    >
      {problem && <small>{problem}</small>}
      {!isUnsupported && text !== `[${type}]` && <small>{text}</small>}
    </Box>
  )
}

/** From which ad or post the customer came. */
export function Referral({ content }: Pick<Message, 'content'>) {
  const headline = words(content, 'referral', 'headline')
  const body = words(content, 'referral', 'body')
  if (!content['referral']) return null
  return (
    <Box icon="campaigns" title={headline || 'Came from an ad'}>
      {body && <small>{body}</small>}
      <small>{words(content, 'referral', 'source_url')}</small>
    </Box>
  )
}
