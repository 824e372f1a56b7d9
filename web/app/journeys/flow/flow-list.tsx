import { Stack } from '@mantine/core'
import { CardBox } from './card-box.tsx'
import type { Place } from './edit-draft.ts'
import type { Flow } from './flow-model.ts'
import { WayBox } from './way-box.tsx'
import './flow.css'

interface Props {
  flow: Flow
  onOpen(id: string): void
  onAdd?: ((place: Place) => void) | undefined
}

/** The same without a drawing, for small screens and for those who listen: cards in order, each with where it leads. */
export function FlowList({ flow, onOpen, onAdd }: Props) {
  return (
    <Stack gap="md" component="section" aria-label="Cards">
      {flow.ids.map((id) => (
        <Stack key={id} gap={6}>
          <CardBox flow={flow} id={id} onOpen={() => onOpen(id)} />
          <Stack gap={6} className="flow-listed">
            {flow.waysOf(id).map((way) => (
              <WayBox
                key={way.target ?? ''}
                flow={flow}
                way={{ ...way, from: id }}
                isTargetShown
                onOpen={onOpen}
                onAdd={onAdd}
              />
            ))}
          </Stack>
        </Stack>
      ))}
    </Stack>
  )
}
