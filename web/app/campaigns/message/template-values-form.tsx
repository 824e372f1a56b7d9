import { Group, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import type { TemplateValues } from '../../../../src/model/template-values.ts'
import type { Template } from '../../api/campaign-shapes.ts'
import { InstantInput } from '../../forms/instant-input.tsx'
import { MediaInput } from './media-input.tsx'
import { useMessageForm } from './message-form.ts'
import { slotsOf, type ButtonSlot } from './template-slots.ts'
import { PlaceholderInput } from './placeholder-input.tsx'

interface Props<T> {
  values: T
  path: string
  onChange(values: T): void
}

/** An input for each thing that the template has to be told. */
export function TemplateValuesForm({
  template,
  values,
  path,
  onChange,
}: Props<TemplateValues> & { template: Template }) {
  const slots = slotsOf(template)
  const set = (part: Partial<TemplateValues>) => onChange({ ...values, ...part })
  return (
    <Stack gap="sm">
      <Texts
        what="Heading"
        names={slots.header}
        values={values.header ?? {}}
        path={`${path}.header`}
        onChange={(header) => set({ header })}
      />
      {slots.media && (
        <MediaInput
          label={`${mediaWords[slots.media] ?? 'File'} at the top`}
          value={values.media}
          path={`${path}.media`}
          onChange={({ id, link }) => set({ media: { ...values.media, id, link } })}
        />
      )}
      {slots.media === 'DOCUMENT' && (
        <TextInput
          label="Name of the document"
          value={values.media?.filename ?? ''}
          onChange={(event) =>
            set({ media: { ...values.media, filename: event.currentTarget.value || undefined } })
          }
          maw={300}
        />
      )}
      {slots.location && <LocationFields values={values} path={path} onChange={onChange} />}
      <Texts
        what="Text"
        names={slots.body}
        values={values.body ?? {}}
        path={`${path}.body`}
        onChange={(body) => set({ body })}
      />
      <ButtonFields slots={slots.buttons} values={values} path={path} onChange={onChange} />
      {slots.offer && <OfferEnd values={values} path={path} onChange={onChange} />}
      <CardFields template={template} values={values} path={path} onChange={onChange} />
    </Stack>
  )
}

const mediaWords: Record<string, string> = {
  IMAGE: 'Picture',
  VIDEO: 'Video',
  GIF: 'GIF',
  DOCUMENT: 'Document',
}

interface TextsProps extends Props<Record<string, string>> {
  what: string
  names: string[]
}

function Texts({ what, names, values, path, onChange }: TextsProps) {
  return names.map((name) => (
    <PlaceholderInput
      key={name}
      label={/^\d+$/.test(name) ? `${what}, place ${name}` : `${what}: ${name}`}
      value={values[name] ?? ''}
      path={`${path}.${name}`}
      onChange={(text) => onChange({ ...values, [name]: text })}
    />
  ))
}

function CardFields({ template, values, path, onChange }: Props<TemplateValues> & { template: Template }) {
  const { cards } = slotsOf(template)
  const given = cards.map((_, at) => values.cards?.[at] ?? {})
  return cards.map((card, at) => {
    const of = given[at] ?? {}
    const set = (part: Partial<typeof of>) =>
      onChange({ ...values, cards: given.with(at, { ...of, ...part }) })
    const cardPath = `${path}.cards.${at}`
    if (!card.media && card.body.length + card.buttons.length === 0) return null
    return (
      <div key={at} className="app-group" role="group" aria-label={`Card ${at + 1}`}>
        <Stack gap="sm">
          <Text size="sm" fw={500}>
            Card {at + 1}
          </Text>
          {card.media && (
            <MediaInput
              label={`${mediaWords[card.media] ?? 'File'} of the card`}
              value={of.media}
              path={`${cardPath}.media`}
              onChange={({ id, link }) => set({ media: { id, link } })}
            />
          )}
          <Texts
            what="Text"
            names={card.body}
            values={of.body ?? {}}
            path={`${cardPath}.body`}
            onChange={(body) => set({ body })}
          />
          <ButtonFields
            slots={card.buttons}
            values={of}
            path={cardPath}
            onChange={(changed) => set(changed)}
          />
        </Stack>
      </div>
    )
  })
}

type WithButtons = Pick<TemplateValues, 'buttons'>

function ButtonFields<T extends WithButtons>({
  slots,
  values,
  path,
  onChange,
}: Props<T> & { slots: ButtonSlot[] }) {
  const { counted } = useMessageForm()
  return slots
    .filter(({ index, key }) => key === 'code' || !counted.has(index))
    .map(({ index, text, key }) => (
      <PlaceholderInput
        key={index}
        label={key === 'code' ? `Code that “${text || 'the button'}” copies` : `End of the link of “${text}”`}
        value={values.buttons?.[index]?.[key] ?? ''}
        path={`${path}.buttons.${index}.${key}`}
        onChange={(given) =>
          onChange({
            ...values,
            buttons: { ...values.buttons, [index]: { ...values.buttons?.[index], [key]: given } },
          })
        }
      />
    ))
}

function LocationFields({ values, path, onChange }: Props<TemplateValues>) {
  const { problemAt } = useMessageForm()
  const location = values.location ?? { latitude: 0, longitude: 0 }
  const set = (part: Partial<typeof location>) => onChange({ ...values, location: { ...location, ...part } })
  return (
    <Group align="flex-start" gap="sm">
      {(['latitude', 'longitude'] as const).map((name) => (
        <NumberInput
          key={name}
          label={name === 'latitude' ? 'Latitude' : 'Longitude'}
          required
          decimalScale={6}
          value={values.location?.[name] ?? ''}
          error={problemAt(`${path}.location.${name}`) ?? problemAt(`${path}.location`)}
          onChange={(given) => set({ [name]: Number(given) })}
          w={150}
        />
      ))}
      {(['name', 'address'] as const).map((name) => (
        <TextInput
          key={name}
          label={name === 'name' ? 'Place' : 'Address'}
          value={location[name] ?? ''}
          error={problemAt(`${path}.location.${name}`)}
          onChange={(event) => set({ [name]: event.currentTarget.value || undefined })}
          style={{ flex: '1 1 10rem' }}
        />
      ))}
    </Group>
  )
}

function OfferEnd({ values, path, onChange }: Props<TemplateValues>) {
  const { problemAt } = useMessageForm()
  return (
    <InstantInput
      label="The offer ends at"
      value={values.offerEndsAt}
      error={problemAt(`${path}.offerEndsAt`)}
      onChange={(offerEndsAt) => onChange({ ...values, offerEndsAt })}
    />
  )
}
