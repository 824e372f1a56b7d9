import { Alert, Button, Group, SegmentedControl, Select, Stack } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMemo, useState, type ReactNode } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { Journey } from '../../api/journey-shapes.ts'
import { Empty, Loading, ProblemNotice } from '../../ui/states.tsx'
import { useCardReport, useCardTypes, useJudged, useVersion, useVersions } from '../use-journey.ts'
import { CardPanel } from './card-panel.tsx'
import { DraftJson } from './draft-json.tsx'
import { DraftSettings } from './draft-settings.tsx'
import { DraftConflict } from './draft-conflict.tsx'
import type { Place } from './edit-draft.ts'
import { FlowDrawing } from './flow-drawing.tsx'
import { FlowList } from './flow-list.tsx'
import { readFlow, type Flow } from './flow-model.ts'
import { Palette } from './palette.tsx'
import { ProblemList } from './problem-list.tsx'
import { useEdits } from './use-edits.ts'

type View = 'drawing' | 'list' | 'settings' | 'json'

/** The draft, to be edited, or a version as it was published; with the numbers of those who went through. */
export function FlowTab({ journey }: { journey: Journey }) {
  const [shown, setShown] = useState('draft')
  const number = shown === 'draft' ? undefined : Number(shown)
  const version = useVersion(journey.id, number)
  const definition = number === undefined ? journey.draft : version.data?.definition
  return (
    <Stack gap="sm">
      {version.error && <ProblemNotice error={version.error} onRetry={() => void version.refetch()} />}
      {definition ? (
        <Shown
          key={shown}
          journey={journey}
          definition={definition}
          number={number}
          choice={<VersionChoice journeyId={journey.id} value={shown} onChange={setShown} />}
        />
      ) : (
        !version.error && <Loading what="the version" />
      )}
    </Stack>
  )
}

function VersionChoice(props: { journeyId: string; value: string; onChange(value: string): void }) {
  const versions = useVersions(props.journeyId).data ?? []
  return (
    <Select
      aria-label="What is shown"
      data={[
        { value: 'draft', label: 'Draft' },
        ...versions.map(({ number }) => ({ value: String(number), label: `Version ${number}` })),
      ]}
      allowDeselect={false}
      value={props.value}
      onChange={(value) => props.onChange(value ?? 'draft')}
      w={140}
    />
  )
}

interface ShownProps {
  journey: Journey
  definition: JsonObject
  /** Undefined: the draft. */
  number: number | undefined
  choice: ReactNode
}

function Shown({ journey, definition: frozen, number, choice }: ShownProps) {
  const isDraft = number === undefined
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false
  const [chosen, setView] = useState<View>()
  const view = chosen ?? (isNarrow ? 'list' : 'drawing')
  const [openId, setOpenId] = useState<string>()
  const [place, setPlace] = useState<Place | 'start'>()
  const edit = useEdits(journey)
  const definition = isDraft ? edit.draft : frozen
  const types = useCardTypes()
  const judged = useJudged(journey.id, definition)
  const report = useCardReport(journey.id, number)
  const flow = useMemo(() => {
    const { problems: found = [], outlets = {} } = judged.data ?? {}
    return readFlow(definition, { types, problems: isDraft ? found : [], outlets, report: report.data ?? [] })
  }, [definition, types, judged.data, report.data, isDraft])
  const onSave = isDraft ? edit.save : undefined
  return (
    <>
      <Group gap="xs">
        {choice}
        <ViewChoice value={view} onChange={setView} />
        {edit.undo && <UndoButton onClick={edit.undo} />}
      </Group>
      <ProblemNotice error={edit.error ?? judged.error ?? report.error} />
      {isDraft && <DraftConflict edit={edit} onReload={() => setOpenId(undefined)} />}
      {isDraft && <ProblemList flow={flow} onOpen={setOpenId} />}
      {!isDraft && <Alert color="gray">Versions stay as they were published. Edit the draft.</Alert>}
      {(view === 'drawing' || view === 'list') && (
        <Picture
          flow={flow}
          isDrawn={view === 'drawing'}
          onOpen={setOpenId}
          onAdd={isDraft ? setPlace : undefined}
        />
      )}
      {view === 'settings' && <DraftSettings draft={definition} problems={flow.problems} onSave={onSave} />}
      {view === 'json' && <DraftJson journeyId={journey.id} definition={definition} onSave={onSave} />}
      {openId !== undefined && Object.hasOwn(flow.cards, openId) && (
        <CardPanel
          {...{ flow, onSave, id: openId, draft: definition, onOpen: setOpenId, onAdd: setPlace }}
          key={openId}
          journeyId={journey.id}
          onClose={() => setOpenId(undefined)}
        />
      )}
      {place !== undefined && (
        <Palette
          draft={definition}
          place={place === 'start' ? undefined : place}
          onClose={() => setPlace(undefined)}
          onMade={(made, id) => edit.save(made, () => setOpenId(id))}
        />
      )}
    </>
  )
}

function UndoButton({ onClick }: { onClick(): void }) {
  return (
    <Button variant="default" onClick={onClick}>
      Undo
    </Button>
  )
}

interface PictureProps {
  flow: Flow
  isDrawn: boolean
  onOpen(id: string): void
  onAdd: ((place: Place | 'start') => void) | undefined
}

function Picture({ flow, isDrawn, onOpen, onAdd }: PictureProps) {
  if (flow.ids.length === 0)
    return (
      <Empty title="No card yet">
        {onAdd && <Button onClick={() => onAdd('start')}>Add the first card</Button>}
      </Empty>
    )
  const Shape = isDrawn ? FlowDrawing : FlowList
  return <Shape flow={flow} onOpen={onOpen} onAdd={onAdd} />
}

function ViewChoice({ value, onChange }: { value: View; onChange(view: View): void }) {
  return (
    <SegmentedControl
      aria-label="View"
      value={value}
      onChange={onChange}
      data={[
        { value: 'drawing', label: 'Drawing' },
        { value: 'list', label: 'List' },
        { value: 'settings', label: 'Start & rules' },
        { value: 'json', label: 'JSON' },
      ]}
    />
  )
}
