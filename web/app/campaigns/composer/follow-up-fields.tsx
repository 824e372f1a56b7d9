import { Group, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FollowUp } from '../../../../src/model/campaign-definition.ts'
import { getAll } from '../../api/client.ts'
import { JourneyChoice } from '../message/button-actions.tsx'
import { CampaignChoice } from './audience-part.tsx'
import { useComposer } from './composer-context.ts'
import { DurationInput } from '../../forms/duration-input.tsx'

export const whens: Record<FollowUp['on'], string> = {
  delivered: 'Who got it',
  read: 'Who read it',
  clicked: 'Who clicked',
  replied: 'Who replied',
  failed: 'Who could not be sent it',
  'not-delivered': 'Who did not get it',
  'not-read': 'Who did not read it',
  'not-clicked': 'Who did not click',
  'not-replied': 'Who did not reply',
}
export const does: Record<FollowUp['action']['kind'], string> = {
  journey: 'enter a journey',
  tag: 'get a tag',
  segment: 'are put into a static segment',
  campaign: 'get an API campaign',
}

interface Props {
  followUp: FollowUp
  path: string
  onChange(followUp: FollowUp): void
}

/** `Who did not read it, within 1 day: enter a journey`. */
export function FollowUpFields({ followUp, path, onChange }: Props) {
  const { problemAt } = useComposer()
  const { on, within, action } = followUp
  return (
    <>
      <Group align="flex-start" gap="sm">
        <Select
          label="People"
          allowDeselect={false}
          data={Object.entries(whens).map(([value, label]) => ({ value, label }))}
          value={on}
          error={problemAt(`${path}.on`) ?? problemAt(path)}
          onChange={(chosen) => onChange(startOn(followUp, (chosen ?? on) as FollowUp['on']))}
          w={220}
        />
        {on.startsWith('not-') && (
          <DurationInput
            label="Within"
            value={within ?? { amount: 1, unit: 'days' }}
            error={problemAt(`${path}.within`) ?? problemAt(`${path}.within.amount`)}
            onChange={(changed) => onChange({ ...followUp, within: changed })}
          />
        )}
        <Select
          label="They"
          allowDeselect={false}
          data={Object.entries(does).map(([value, label]) => ({ value, label }))}
          value={action.kind}
          error={problemAt(`${path}.action`)}
          onChange={(kind) => onChange({ ...followUp, action: startAction(kind ?? action.kind) })}
          w={230}
        />
      </Group>
      <ActionFields followUp={followUp} path={path} onChange={onChange} />
      <Narrowing followUp={followUp} path={path} onChange={onChange} />
    </>
  )
}

function startOn({ id, action }: FollowUp, on: FollowUp['on']): FollowUp {
  return { id, on, action, ...(on.startsWith('not-') && { within: { amount: 1, unit: 'days' } }) }
}

function startAction(kind: string): FollowUp['action'] {
  if (kind === 'journey') return { kind, journeyId: '' }
  if (kind === 'segment') return { kind, segmentId: '' }
  return kind === 'campaign' ? { kind, campaignId: '' } : { kind: 'tag', tag: '' }
}

function ActionFields({ followUp, path, onChange }: Props) {
  const { problemAt } = useComposer()
  const { action } = followUp
  const set = (changed: FollowUp['action']) => onChange({ ...followUp, action: changed })
  switch (action.kind) {
    case 'journey':
      return (
        <JourneyChoice
          value={action.journeyId}
          error={problemAt(`${path}.action.journeyId`)}
          onChange={(journeyId) => set({ ...action, journeyId })}
        />
      )
    case 'tag':
      return (
        <TextInput
          label="Tag"
          required
          value={action.tag}
          error={problemAt(`${path}.action.tag`)}
          onChange={(event) => set({ ...action, tag: event.currentTarget.value })}
          maw={380}
        />
      )
    case 'segment':
      return (
        <StaticSegmentChoice
          value={action.segmentId}
          error={problemAt(`${path}.action.segmentId`)}
          onChange={(segmentId) => set({ ...action, segmentId })}
        />
      )
    case 'campaign':
      return (
        <CampaignChoice
          label="API campaign"
          kind="api"
          value={action.campaignId}
          error={problemAt(`${path}.action.campaignId`)}
          onChange={(campaignId) => set({ ...action, campaignId })}
        />
      )
  }
}

interface SegmentProps {
  value: string
  error: string | undefined
  onChange(id: string): void
}

function StaticSegmentChoice({ value, error, onChange }: SegmentProps) {
  const { data = [] } = useQuery({
    queryKey: ['segments', 'static'],
    queryFn: () => getAll<{ id: string; name: string }>('/segments', { kind: 'static' }),
  })
  return (
    <Select
      label="Static segment"
      required
      searchable
      placeholder={data.length === 0 ? 'There is none yet' : 'Choose one'}
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={value || null}
      error={error}
      onChange={(id) => onChange(id ?? '')}
      maw={380}
    />
  )
}

/** Only some of those who failed or replied. */
function Narrowing({ followUp, path, onChange }: Props) {
  const { problemAt } = useComposer()
  const { on, codes, button } = followUp
  if (on === 'failed')
    return (
      <TagsInput
        label="Only with these error codes"
        description="e.g. 131026, not on WhatsApp; any when empty"
        value={codes ?? []}
        error={problemAt(`${path}.codes`)}
        onChange={(changed) => onChange({ ...followUp, codes: changed.length > 0 ? changed : undefined })}
        maw={380}
      />
    )
  if (on !== 'replied') return null
  return (
    <NumberInput
      label="Only by this button"
      description="its place, from 1; any reply when empty"
      min={1}
      max={10}
      allowDecimal={false}
      value={button === undefined ? '' : button + 1}
      error={problemAt(`${path}.button`)}
      onChange={(place) => onChange({ ...followUp, button: place === '' ? undefined : Number(place) - 1 })}
      maw={280}
    />
  )
}
