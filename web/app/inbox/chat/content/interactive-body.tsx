import type { JsonObject } from '../../../../../src/model/json.ts'
import type { Message } from '../../../api/inbox-shapes.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Box } from './card-body.tsx'
import { File } from './media-body.tsx'
import { list, part, webAddress, words } from './read-content.ts'
import { TextBody } from './text-body.tsx'

/** A question with something to tap, or the answer to one. */
export function InteractiveBody({ message }: { message: Message }) {
  const interactive = part(message.content, 'interactive')
  const reply = part(interactive, words(interactive, 'type'))
  if (interactive['type'] === 'nfm_reply') return <FormAnswer reply={reply} />
  if (words(reply, 'title'))
    return (
      <>
        <TextBody text={words(reply, 'title')} />
        {words(reply, 'description') && <p className="inbox-foot">{words(reply, 'description')}</p>}
      </>
    )
  return <Question interactive={interactive} />
}

function Question({ interactive }: { interactive: JsonObject }) {
  const header = part(interactive, 'header')
  const kind = words(header, 'type')
  return (
    <>
      {kind === 'text' && <p className="inbox-head">{words(header, 'text')}</p>}
      {kind !== '' && kind !== 'text' && <File kind={kind} given={part(header, kind)} media={null} />}
      <TextBody text={words(interactive, 'body', 'text')} />
      {words(interactive, 'footer', 'text') && (
        <p className="inbox-foot">{words(interactive, 'footer', 'text')}</p>
      )}
      <Taps interactive={interactive} />
    </>
  )
}

/** What the customer may tap, as WhatsApp draws it below the text. */
function Taps({ interactive }: { interactive: JsonObject }) {
  const action = part(interactive, 'action')
  const type = words(interactive, 'type')
  const address = webAddress(words(action, 'parameters', 'url'))
  if (type === 'list') return <ListTap action={action} />
  if (type === 'cta_url' && address)
    return (
      <a className="inbox-tap" href={address} target="_blank" rel="noopener noreferrer nofollow">
        ↗ {words(action, 'parameters', 'display_text')}
      </a>
    )
  const buttons = list(action, 'buttons').map((button) => words(button, 'reply', 'title'))
  const single = singleTaps[type]?.(action)
  return [...buttons, ...(single ? [single] : [])].map((title, at) => (
    <div key={at} className="inbox-tap">
      {title}
    </div>
  ))
}

const singleTaps: Record<string, (action: JsonObject) => string> = {
  flow: (action) => words(action, 'parameters', 'flow_cta') || 'Open the form',
  voice_call: (action) => `☎ ${words(action, 'parameters', 'display_text')}`,
  location_request_message: () => 'Send location',
  address_message: () => 'Enter the address',
  product: () => 'View the product',
  product_list: () => 'View the products',
  catalog_message: () => 'View the catalogue',
}

function ListTap({ action }: { action: JsonObject }) {
  return (
    <details className="inbox-tap">
      <summary>☰ {words(action, 'button')}</summary>
      <ul className="inbox-list-rows">
        {list(action, 'sections').map((section, at) => (
          <li key={at}>
            {words(section, 'title') && <strong>{words(section, 'title')}</strong>}
            {list(section, 'rows').map((row, place) => (
              <span key={place}>
                {words(row, 'title')}{' '}
                {words(row, 'description') && <small>{words(row, 'description')}</small>}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  )
}

function FormAnswer({ reply }: { reply: JsonObject }) {
  const answers = readAnswers(words(reply, 'response_json'))
  return (
    <Box icon="check" title={words(reply, 'body') || 'Answers of a form'}>
      {Object.entries(answers)
        .filter(([name]) => name !== 'flow_token')
        .map(([name, value]) => (
          <small key={name}>
            {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
          </small>
        ))}
    </Box>
  )
}

function readAnswers(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** A tap on a button of a template. */
export function ButtonBody({ message: { content, text } }: { message: Message }) {
  return (
    <div className="inbox-answer">
      <Icon name="reply" size={14} /> {words(content, 'button', 'text') || text}
    </div>
  )
}
