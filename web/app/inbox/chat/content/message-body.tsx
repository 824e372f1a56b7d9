import type { ComponentType } from 'react'
import type { Message } from '../../../api/inbox-shapes.ts'
import { ContactsBody, LocationBody, OrderBody, OtherBody, Referral } from './card-body.tsx'
import { ButtonBody, InteractiveBody } from './interactive-body.tsx'
import { MediaBody } from './media-body.tsx'
import { words } from './read-content.ts'
import { TemplateBody } from './template-body.tsx'
import { TextBody } from './text-body.tsx'

const bodies: Record<string, ComponentType<{ message: Message }>> = {
  text: TextOf,
  image: MediaBody,
  video: MediaBody,
  audio: MediaBody,
  document: MediaBody,
  sticker: MediaBody,
  location: LocationBody,
  contacts: ContactsBody,
  interactive: InteractiveBody,
  button: ButtonBody,
  template: TemplateBody,
  order: OrderBody,
  reaction: ReactionBody,
  system: SystemBody,
}

/** What was said, as WhatsApp draws it. */
export function MessageBody({ message }: { message: Message }) {
  if (message.deletedAt) return <p className="inbox-foot inbox-deleted">This message was deleted.</p>
  const Body = bodies[message.type] ?? OtherBody
  return (
    <>
      <Referral content={message.content} />
      <Body message={message} />
    </>
  )
}

function TextOf({ message: { content, text } }: { message: Message }) {
  return <TextBody text={words(content, 'text', 'body') || text} />
}

function ReactionBody({ message: { content } }: { message: Message }) {
  const emoji = words(content, 'reaction', 'emoji')
  return <p className="inbox-foot">{emoji ? `Reacted with ${emoji}` : 'Took a reaction back'}</p>
}

function SystemBody({ message: { content, text } }: { message: Message }) {
  return <p className="inbox-foot">{words(content, 'system', 'body') || text}</p>
}
