import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { TemplateValues } from '../../../../src/model/template-values.ts'
import type { Template, TemplatePreview } from '../../api/campaign-shapes.ts'
import { api } from '../../api/client.ts'
import type { Conversation } from '../../api/inbox-shapes.ts'
import { useAttributes } from '../../api/vocabulary.ts'
import { MessageFormProvider } from '../../campaigns/message/message-form.ts'
import { PhonePreview } from '../../campaigns/message/phone-preview.tsx'
import { TemplateValuesForm } from '../../campaigns/message/template-values-form.tsx'
import { useWabaId } from '../../campaigns/message/use-waba-id.ts'
import { useTemplates } from '../../campaigns/use-campaign.ts'
import { ProblemNotice } from '../../ui/states.tsx'

interface Props {
  conversation: Pick<Conversation, 'numberId' | 'contactId'>
  onClose(): void
  onSend(content: JsonObject, text: string): void
}

const sendable = new Set(['approved', 'flagged', 'locked'])
const none = new Set<string>()

/** Chooses a template, fills it in, and shows it as the customer will see it. */
export function TemplateDialog({ conversation, onClose, onSend }: Props) {
  const { contactId, numberId } = conversation
  const [template, setTemplate] = useState<Template>()
  const [values, setValues] = useState<TemplateValues>({})
  const fill = useMutation({
    mutationFn: (of: Template) =>
      api.post<{ content: JsonObject; missing: string[] }>(`/templates/${of.id}/fill`, {
        ...{ values: withoutBlanks(values), contactId },
      }),
    onSuccess: ({ content, missing }, { name }) => {
      if (missing.length > 0) return
      onSend(content, name)
      onClose()
    },
  })
  const change = (chosen: Template | undefined, given: TemplateValues) => {
    setTemplate(chosen)
    setValues(given)
    fill.reset()
  }
  const missing = new Set(fill.data?.missing)
  return (
    <Modal opened onClose={onClose} title="Send a template" size="xl">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (template) fill.mutate(template)
        }}
      >
        <Stack>
          <TemplateSelect numberId={numberId} value={template} onChange={(chosen) => change(chosen, {})} />
          {template && (
            <div className="inbox-template">
              <Fields {...{ template, values, missing }} onChange={(changed) => change(template, changed)} />
              <Preview {...{ template, values, contactId }} />
            </div>
          )}
          <ProblemNotice error={fill.error} />
          {missing.size > 0 && (
            <Alert color="yellow" role="alert">
              Something is missing yet: {[...missing].join(', ')}.
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!template} loading={fill.isPending}>
              Send
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface SelectProps {
  numberId: string
  value: Template | undefined
  onChange(template: Template | undefined): void
}

/** Those that WhatsApp lets go out over this number. */
function TemplateSelect({ numberId, value, onChange }: SelectProps) {
  const wabaId = useWabaId(numberId)
  const { data = [], isPending } = useTemplates()
  const templates = data.filter((each) => sendable.has(each.status) && (!wabaId || each.wabaId === wabaId))
  const isNone = !isPending && templates.length === 0
  return (
    <Select
      label="Template"
      searchable
      data-autofocus
      placeholder={isNone ? 'None is approved by WhatsApp yet' : 'Choose one'}
      data={templates.map(({ id, name, language }) => ({ value: id, label: `${name} · ${language}` }))}
      value={value?.id ?? null}
      onChange={(chosen) => onChange(templates.find(({ id }) => id === chosen))}
    />
  )
}

interface FieldsProps {
  template: Template
  values: TemplateValues
  missing: ReadonlySet<string>
  onChange(values: TemplateValues): void
}

function Fields({ template, values, missing, onChange }: FieldsProps) {
  const attributes = useAttributes()
  const places = [
    {
      title: 'The contact',
      items: attributes.map(({ name, label }) => ({ label, text: `{{contact.${name}}}` })),
    },
  ]
  const problemAt = (path: string) => (missing.has(path.replace(/^values\./, '')) ? 'is missing' : undefined)
  return (
    <MessageFormProvider value={{ problemAt, places, counted: none }}>
      <TemplateValuesForm template={template} values={values} path="values" onChange={onChange} />
    </MessageFormProvider>
  )
}

interface PreviewProps {
  template: Template
  values: TemplateValues
  contactId: string
}

function Preview({ template, values, contactId }: PreviewProps) {
  const [asked] = useDebouncedValue(values, 300)
  const preview = useQuery({
    queryKey: ['template-preview', template.id, asked, contactId],
    queryFn: () =>
      api.post<TemplatePreview>(`/templates/${template.id}/preview`, {
        values: withoutBlanks(asked),
        contactId,
      }),
    placeholderData: keepPreviousData,
  })
  if (preview.data) return <PhonePreview messages={[preview.data]} />
  return (
    <Text size="sm" c="dimmed">
      {preview.error ? preview.error.message : '…'}
    </Text>
  )
}

/** What is not filled in yet. */
function withoutBlanks<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutBlanks) as T
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([, given]) => given !== '' && given !== undefined)
  return Object.fromEntries(kept.map(([name, given]) => [name, withoutBlanks(given as unknown)])) as T
}
