import { Button, Group } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { CardBox } from './card-box.tsx'
import type { Place } from './edit-draft.ts'
import type { Flow } from './flow-model.ts'
import { layOutFlow, type Box } from './lay-out-flow.ts'
import { WayBox } from './way-box.tsx'
import './flow.css'

interface Props {
  flow: Flow
  onOpen(id: string): void
  onAdd?: ((place: Place) => void) | undefined
}
const margin = 24
const readable = 0.7

/** The journey from above to below. */
export function FlowDrawing({ flow, onOpen, onAdd }: Props) {
  const layout = useMemo(() => layOutFlow(flow.ids, flow.waysOf), [flow])
  const { ref, width: frameWidth } = useElementSize<HTMLElement>()
  const frame = useRef<HTMLElement>(null)
  const frameRef = useMergedRef(ref, frame)
  const [chosen, setZoom] = useState<number>()
  const width = layout.width + 2 * margin
  const height = layout.height + 2 * margin
  const fitting = frameWidth > 0 ? Math.min(1, frameWidth / width) : 1
  // Until somebody says otherwise: as much as can still be read, with the start in the middle.
  const zoom = chosen ?? Math.max(readable, fitting)
  const start = layout.cards[0]
  const middle = start ? (start.x + start.width / 2 + margin) * zoom : 0
  useLayoutEffect(() => {
    if (chosen === undefined && frame.current) frame.current.scrollLeft = middle - frameWidth / 2
  }, [chosen, middle, frameWidth])
  return (
    <>
      <Group gap={4} mb={6} justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => setZoom(fitting)}>
          Fit
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setZoom(Math.max(0.2, zoom * 0.8))}>
          Smaller
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setZoom(Math.min(1.5, zoom * 1.25))}>
          Larger
        </Button>
      </Group>
      <section className="flow-scroll" ref={frameRef} aria-label="Flow">
        <div style={{ width: width * zoom, height: height * zoom, margin: '0 auto' }}>
          <div className="flow-sheet" style={{ width, height, transform: `scale(${zoom})` }}>
            <svg width={width} height={height} aria-hidden="true">
              {layout.lines.map(({ id, points }) => (
                <path key={id} className="flow-line" d={curve(points)} />
              ))}
            </svg>
            {layout.cards.map((box) => (
              <div key={box.id} className="flow-place" style={styleOf(box)}>
                <CardBox flow={flow} id={box.id} onOpen={() => onOpen(box.id)} />
              </div>
            ))}
            {layout.ways.map(({ way, ...box }) => (
              <div key={box.id} className="flow-place" style={styleOf(box)}>
                <WayBox flow={flow} way={way} isTargetShown={false} onOpen={onOpen} onAdd={onAdd} />
              </div>
            ))}
          </div>
        </div>
      </section>
    </>
  )
}

function styleOf({ x, y, width, height }: Box) {
  return { left: x + margin, top: y + margin, width, height }
}

function curve(points: [number, number][]): string {
  return points
    .map(([x, y], at) => {
      const [to, below] = [x + margin, y + margin]
      const before = points[at - 1]
      if (!before) return `M${to} ${below}`
      const middle = (before[1] + margin + below) / 2
      return `C${before[0] + margin} ${middle} ${to} ${middle} ${to} ${below}`
    })
    .join('')
}
