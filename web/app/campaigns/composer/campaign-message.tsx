import type { ReactNode } from 'react'
import { useAttributes } from '../../api/vocabulary.ts'
import { MessageFormProvider, type MessageForm } from '../message/message-form.ts'
import { useComposer } from './composer-context.ts'
import { useVariableGroups } from './use-variable-groups.ts'

/** Around the steps: what a campaign's messages may name. */
export function CampaignMessage({ children }: { children: ReactNode }) {
  const { draft, problemAt } = useComposer()
  const places = usePlaces()
  const counted = new Set(
    (draft.buttons ?? []).flatMap(({ type, index }) => (type === 'url' ? [String(index)] : [])),
  )
  return <MessageFormProvider value={{ problemAt, places, counted }}>{children}</MessageFormProvider>
}

/** What a message may name, by where it comes from. */
function usePlaces(): MessageForm['places'] {
  const { campaign, draft } = useComposer()
  const attributes = useAttributes()
  const groups = useVariableGroups().data ?? []
  const included = new Set(
    draft.audience.include.flatMap((part) => (part.kind === 'group' ? [part.groupId] : [])),
  )
  const places = [
    {
      title: 'Values of your own, or of the API call',
      items: Object.keys(draft.given ?? {}).map((name) => ({ label: name, text: `{{given.${name}}}` })),
    },
    // The lists that it goes to first.
    ...groups
      .toSorted((a, b) => Number(included.has(b.id)) - Number(included.has(a.id)))
      .map(({ ref, name, fields }) => ({
        title: `List ${name}`,
        items: fields.map((field) => ({
          label: field,
          text: `{{groups.${variableKey(ref)}.${variableKey(field)}}}`,
        })),
      })),
    {
      title: 'The contact',
      items: attributes.map(({ name, label }) => ({ label, text: `{{contact.${name}}}` })),
    },
  ]
  const isEvent = campaign.kind === 'triggered' || campaign.kind === 'drip'
  const event = { title: 'The event', items: [{ label: 'A field of the event', text: '{{event.name}}' }] }
  return [...(isEvent ? [event] : []), ...places].filter(({ items }) => items.length > 0)
}

/** As the names of groups and their columns are written within `{{…}}`. */
function variableKey(name: string): string {
  return [...name.trim()]
    .map((sign) => {
      if (/[A-Za-z0-9_-]/.test(sign)) return sign
      return /\s/.test(sign) ? '_' : `x${sign.codePointAt(0)?.toString(16) ?? ''}`
    })
    .join('')
}
