import { Alert, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Variant } from '../../../../src/model/campaign-definition.ts'
import type { CampaignCheck, MessagePreview, Template, TemplatePreview } from '../../api/campaign-shapes.ts'
import { api, type Page } from '../../api/client.ts'
import type { Contact } from '../../api/shapes.ts'
import { contactName } from '../../audience/contact-values.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { useComposer } from '../composer/composer-context.ts'
import { previewContents } from './preview-contents.ts'
import { PhonePreview } from './phone-preview.tsx'
import { useOwnTemplates } from './template-message.tsx'

interface Props {
  variants: Variant[]
  shown: Variant
  onShow(at: number): void
}

/** The message as one contact will see it. */
export function PreviewPane({ variants, shown, onShow }: Props) {
  const [contactId, setContactId] = useState<string>()
  return (
    <div style={{ position: 'sticky', top: 72 }}>
      <Card title="Preview">
        <Stack gap="sm">
          {variants.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label="Variant that is shown"
              value={shown.id}
              data={variants.map(({ id }) => id)}
              onChange={(id) => onShow(variants.findIndex((each) => each.id === id))}
            />
          )}
          <ContactChoice value={contactId} onChange={setContactId} />
          {contactId ? (
            <AsItIsSent variant={shown} contactId={contactId} />
          ) : (
            <Shown message={shown.message} contactId={undefined} />
          )}
        </Stack>
      </Card>
    </div>
  )
}

function Shown({ message, contactId }: { message: Variant['message']; contactId: string | undefined }) {
  const templates = useOwnTemplates()
  if (message.kind === 'direct') return <PhonePreview messages={previewContents(message.contents)} />
  const languages = templates.filter(({ name }) => name === message.name)
  const template = languages.find(({ language }) => language === message.language) ?? languages[0]
  if (!template)
    return (
      <Text size="sm" c="dimmed">
        Choose a template: it is shown here as it will look.
      </Text>
    )
  return <TemplateShown template={template} values={message.values} contactId={contactId} />
}

/** As the server fills it in for the contact, of the draft as it is stored; till then as well as it can be told. */
function AsItIsSent({ variant, contactId }: { variant: Variant; contactId: string }) {
  const { campaign, draft, isSaved } = useComposer()
  const check = useQuery({
    queryKey: ['campaigns', 'preview', campaign.id, contactId, draft],
    queryFn: () => api.post<CampaignCheck>(`/campaigns/${campaign.id}/check`, { contactId }),
    enabled: isSaved,
    placeholderData: keepPreviousData,
  })
  const preview = check.data?.preview.find(({ variant: id }) => id === variant.id)
  return (
    <>
      {preview?.template ? (
        <PhonePreview messages={[preview.template]} />
      ) : (
        <Shown message={variant.message} contactId={contactId} />
      )}
      <ProblemNotice error={check.error} />
      {preview && <Lacking preview={preview} />}
    </>
  )
}

function Lacking({ preview: { problem, missing, language } }: { preview: MessagePreview }) {
  if (problem) return <Alert color="yellow">{problem}</Alert>
  if (missing.length > 0)
    return (
      <Alert color="yellow">
        This contact would not get it, for there is no value of {missing.join(', ')}. Write what stands in its
        place: {`{{${missing[0]} | "there"}}`}.
      </Alert>
    )
  if (!language) return null
  return (
    <Text size="sm" c="dimmed">
      In the language {language}.
    </Text>
  )
}

interface TemplateProps {
  template: Template
  values: Extract<Variant['message'], { kind: 'template' }>['values']
  contactId: string | undefined
}

function TemplateShown({ template, values, contactId }: TemplateProps) {
  const [asked] = useDebouncedValue(values, 300)
  const preview = useQuery({
    queryKey: ['template-preview', template.id, asked, contactId],
    queryFn: () =>
      api.post<TemplatePreview>(`/templates/${template.id}/preview`, { values: filledIn(asked), contactId }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <ProblemNotice error={preview.error} />
      {preview.data && <PhonePreview messages={[preview.data]} />}
    </>
  )
}

/** What is not filled in yet shows the template's sample. */
function filledIn<T>(value: T): T {
  if (Array.isArray(value)) return value.map(filledIn) as T
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([, part]) => part !== '' && part !== undefined)
  return Object.fromEntries(kept.map(([name, part]) => [name, filledIn(part as unknown)])) as T
}

interface ChoiceProps {
  value: string | undefined
  onChange(id: string | undefined): void
}

function ContactChoice({ value, onChange }: ChoiceProps) {
  const [search, setSearch] = useState('')
  const [words] = useDebouncedValue(search.trim(), 250)
  const { data = [] } = useQuery({
    queryKey: ['contacts', 'preview', words],
    queryFn: async () => (await api.get<Page<Contact>>('/contacts', { search: words, limit: 20 })).items,
    placeholderData: keepPreviousData,
  })
  return (
    <Select
      label="As it looks to"
      placeholder="nobody: with samples"
      searchable
      clearable
      filter={({ options }) => options}
      onSearchChange={setSearch}
      data={data.map((contact) => ({ value: contact.id, label: contactName(contact) }))}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  )
}
