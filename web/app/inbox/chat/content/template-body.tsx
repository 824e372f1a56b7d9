import type { JsonObject } from '../../../../../src/model/json.ts'
import type { Template, TemplatePart } from '../../../api/campaign-shapes.ts'
import type { Message } from '../../../api/inbox-shapes.ts'
import { buttonsOf } from '../../../campaigns/message/template-slots.ts'
import { useTemplates } from '../../../campaigns/use-campaign.ts'
import { Box } from './card-body.tsx'
import { File } from './media-body.tsx'
import { list, part, words } from './read-content.ts'
import { TextBody } from './text-body.tsx'

/** A template with what was put into it; of one that is gone, its name. */
export function TemplateBody({ message }: { message: Message }) {
  const { data = [] } = useTemplates()
  const sent = part(message.content, 'template')
  const name = words(sent, 'name')
  const code = words(sent, 'language', 'code')
  const template = data.find((each) => each.name === name && each.language === code)
  if (!template)
    return (
      <Box icon="file" title={`Template ${name}`}>
        <small>{code}</small>
        {message.text !== name && <TextBody text={message.text} />}
      </Box>
    )
  return <Drawn parts={template.components} sent={list(sent, 'components')} template={template} />
}

interface DrawnProps {
  parts: TemplatePart[]
  sent: JsonObject[]
  template: Template
}

function Drawn({ parts, sent, template }: DrawnProps) {
  const find = (type: string) => parts.find((each) => each.type === type)
  const header = find('HEADER')
  const given = parametersOf(sent, 'header')[0]
  const kind = words(given, 'type')
  const cards = find('CAROUSEL')?.cards ?? []
  return (
    <>
      {header?.format === 'TEXT' && (
        <p className="inbox-head">{fill(header.text ?? '', parametersOf(sent, 'header'))}</p>
      )}
      {given && kind !== 'text' && kind !== 'location' && (
        <File kind={kind} given={part(given, kind)} media={null} />
      )}
      <TextBody text={fill(find('BODY')?.text ?? '', parametersOf(sent, 'body'))} />
      {find('FOOTER')?.text && <p className="inbox-foot">{find('FOOTER')?.text}</p>}
      {buttonsOf(parts).map(({ text = '' }, at) => (
        <div key={at} className="inbox-tap">
          {text}
        </div>
      ))}
      {cards.map((card, at) => (
        <div key={at} className="inbox-file">
          <TextBody text={card.components.find(({ type }) => type === 'BODY')?.text ?? `Card ${at + 1}`} />
        </div>
      ))}
      <p className="inbox-foot">Template {template.name}</p>
    </>
  )
}

function parametersOf(sent: JsonObject[], type: string): JsonObject[] {
  const component = sent.find((each) => words(each, 'type').toLowerCase() === type)
  return list(component, 'parameters')
}

/** By name, or one after the other. */
function fill(text: string, parameters: JsonObject[]): string {
  let next = 0
  const places = new Map<string, string>()
  return text.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => {
    const known = places.get(name)
    if (known !== undefined) return known
    const given = parameters.find((each) => words(each, 'parameter_name') === name) ?? parameters[next++]
    const value = words(given, 'text') || whole
    places.set(name, value)
    return value
  })
}
