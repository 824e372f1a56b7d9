import { Anchor, Badge, Checkbox, Group, Select, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import type { Variant } from '../../../../src/model/campaign-definition.ts'
import type { Template } from '../../api/campaign-shapes.ts'
import { useComposer } from '../composer/composer-context.ts'
import { useTemplates } from '../use-campaign.ts'
import { keepValues, slotsOf } from './template-slots.ts'
import { TemplateValuesForm } from './template-values-form.tsx'
import { useWabaId } from './use-waba-id.ts'

type TemplateMessage = Extract<Variant['message'], { kind: 'template' }>
const sendable = ['approved', 'flagged', 'locked']

interface Props {
  message: TemplateMessage
  path: string
  onChange(message: TemplateMessage): void
}

/** Which template, in which language, with which values, and what takes over when WhatsApp pauses it. */
export function TemplateFields({ message, path, onChange }: Props) {
  const { problemAt } = useComposer()
  const templates = useOwnTemplates()
  const chosen = templates.filter(({ name }) => name === message.name)
  const shown = chosen.find(({ language }) => language === message.language) ?? chosen[0]
  const choose = (name: string) => {
    const next = templates.find((each) => each.name === name)
    onChange({
      ...message,
      name,
      language: undefined,
      values: next ? keepValues(message.values, slotsOf(next)) : {},
    })
  }
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="sm">
        <TemplateSelect
          label="Template"
          templates={templates}
          value={message.name}
          error={problemAt(`${path}.name`) ?? problemAt(path)}
          onChange={choose}
        />
        <Select
          label="Language"
          data={[
            { value: '', label: 'each contact’s own' },
            ...chosen.map(({ language }) => ({ value: language, label: language })),
          ]}
          allowDeselect={false}
          value={message.language ?? ''}
          error={problemAt(`${path}.language`)}
          onChange={(language) => onChange({ ...message, language: language || undefined })}
          w={180}
        />
      </Group>
      {shown && <StatusLine template={shown} />}
      {shown && (
        <TemplateValuesForm
          template={shown}
          values={message.values}
          path={`${path}.values`}
          onChange={(values) => onChange({ ...message, values })}
        />
      )}
      {message.name !== '' && <Fallback message={message} path={path} onChange={onChange} />}
    </Stack>
  )
}

/** Those of the WhatsApp Business account that the campaign's number belongs to. */
export function useOwnTemplates(): Template[] {
  const { data = [] } = useTemplates()
  const { campaign } = useComposer()
  const wabaId = useWabaId(campaign.numberId)
  return useMemo(() => data.filter((each) => wabaId === undefined || each.wabaId === wabaId), [data, wabaId])
}

function StatusLine({ template: { status, quality, category } }: { template: Template }) {
  const isSendable = sendable.includes(status)
  return (
    <Group gap={6}>
      <Badge variant="light" color={isSendable ? 'teal' : 'yellow'}>
        {status}
      </Badge>
      <Badge variant="light" color="gray">
        {category.toLowerCase()}
      </Badge>
      {quality && quality !== 'UNKNOWN' && (
        <Badge variant="light" color={quality === 'GREEN' ? 'teal' : quality === 'RED' ? 'red' : 'yellow'}>
          {quality.toLowerCase()} quality
        </Badge>
      )}
      {!isSendable && (
        <Text size="sm" c="dimmed">
          WhatsApp does not let it be sent yet.
        </Text>
      )}
    </Group>
  )
}

interface SelectProps {
  label: string
  templates: Template[]
  value: string
  error?: string | undefined
  onChange(name: string): void
}

function TemplateSelect({ label, templates, value, error, onChange }: SelectProps) {
  const names = new Map<string, Template[]>()
  for (const template of templates) names.set(template.name, [...(names.get(template.name) ?? []), template])
  const data = [...names].map(([name, languages]) => ({
    value: name,
    label: languages.some(({ status }) => sendable.includes(status)) ? name : `${name} (not approved)`,
  }))
  const lost = value !== '' && !names.has(value) ? [{ value, label: `${value} (is not there)` }] : []
  return (
    <div style={{ flex: '1 1 16rem' }}>
      <Select
        label={label}
        placeholder={data.length === 0 ? 'There is no template yet' : 'Choose one'}
        searchable
        data={[...data, ...lost]}
        value={value || null}
        error={error}
        onChange={(name) => onChange(name ?? '')}
      />
      {data.length === 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          Templates are written and submitted to WhatsApp with <Anchor href="/docs">the API</Anchor>, or
          copied from WhatsApp Manager.
        </Text>
      )}
    </div>
  )
}

function Fallback({ message, path, onChange }: Props) {
  const { problemAt } = useComposer()
  const templates = useOwnTemplates()
  const { fallback } = message
  const shown = templates.find(({ name }) => name === fallback?.name)
  return (
    <Stack gap="xs">
      <Checkbox
        label="Another template takes over when WhatsApp pauses this one"
        checked={fallback !== undefined}
        onChange={(event) =>
          onChange({
            ...message,
            fallback: event.currentTarget.checked ? { name: '', values: {} } : undefined,
          })
        }
      />
      {fallback && (
        <div className="app-group" role="group" aria-label="Fallback">
          <Stack gap="sm">
            <TemplateSelect
              label="Template that takes over"
              templates={templates.filter(({ name }) => name !== message.name)}
              value={fallback.name}
              error={problemAt(`${path}.fallback.name`) ?? problemAt(`${path}.fallback`)}
              onChange={(name) => onChange({ ...message, fallback: { name, values: {} } })}
            />
            {shown && (
              <TemplateValuesForm
                template={shown}
                values={fallback.values}
                path={`${path}.fallback.values`}
                onChange={(values) => onChange({ ...message, fallback: { ...fallback, values } })}
              />
            )}
          </Stack>
        </div>
      )}
    </Stack>
  )
}
