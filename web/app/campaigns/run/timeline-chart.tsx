import { Group, Table, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { sayNumber, sayTime } from '../../ui/words.ts'
import './timeline-chart.css'

export interface Line {
  name: string
  color: string
  counts: number[]
}
interface Props {
  label: string
  /** Where each count stands; as many as each line has counts. */
  times: string[]
  lines: Line[]
}
const height = 200
const edge = { left: 44, right: 8, top: 8, bottom: 20 }

/** Lines over time. The same numbers stand in a table, for those who cannot see them or want them exactly. */
export function TimelineChart({ label, times, lines }: Props) {
  const { ref, width } = useElementSize()
  return (
    <figure className="chart" ref={ref}>
      <Legend lines={lines} />
      {width > 0 && <Drawing label={label} times={times} lines={lines} width={width} />}
      <Group justify="space-between">
        {[times[0], times.at(-1)].map((time, at) => (
          <Text key={at} size="xs" c="dimmed">
            {time && sayTime(time)}
          </Text>
        ))}
      </Group>
      <details>
        <summary>As a table</summary>
        <CountTable label={label} times={times} lines={lines} />
      </details>
    </figure>
  )
}

/** As wide as there is room, so that letters are as large as elsewhere. */
function Drawing({ label, times, lines, width }: Props & { width: number }) {
  const top = niceTop(Math.max(1, ...lines.flatMap(({ counts }) => counts)))
  const x = (at: number) =>
    edge.left + (at / Math.max(1, times.length - 1)) * (width - edge.left - edge.right)
  const y = (count: number) => height - edge.bottom - (count / top) * (height - edge.top - edge.bottom)
  const pathOf = (counts: number[]) =>
    counts.map((count, at) => `${at === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(count).toFixed(1)}`).join('')
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={`${label}, from ${sayTime(times[0] ?? '')} to ${sayTime(times.at(-1) ?? '')}`}
    >
      {[0, 0.5, 1].map((share) => (
        <g key={share} className="chart-grid">
          <line x1={edge.left} x2={width - edge.right} y1={y(top * share)} y2={y(top * share)} />
          <text x={edge.left - 6} y={y(top * share) + 4} textAnchor="end">
            {compact.format(top * share)}
          </text>
        </g>
      ))}
      {lines.map(({ name, color, counts }) => (
        <g key={name} style={{ color }}>
          <path d={pathOf(counts)} className="chart-line" />
          {times.length === 1 && <circle cx={x(0)} cy={y(counts[0] ?? 0)} r={4} className="chart-dot" />}
        </g>
      ))}
      {times.map((time, at) => (
        <Moment key={time} time={time} at={at} lines={lines} x={x} y={y} wide={x(1) - x(0)} />
      ))}
    </svg>
  )
}

interface MomentProps {
  time: string
  at: number
  lines: Line[]
  x(at: number): number
  y(count: number): number
  wide: number
}

/** What one sees of a moment with the pointer over it. */
function Moment({ time, at, lines, x, y, wide }: MomentProps) {
  const words = lines.map(({ name, counts }) => `${name}: ${sayNumber(counts[at] ?? 0)}`)
  return (
    <g className="chart-moment">
      <title>{[sayTime(time), ...words].join('\n')}</title>
      <rect x={x(at) - wide / 2} y={edge.top} width={wide} height={height - edge.top - edge.bottom} />
      <line x1={x(at)} x2={x(at)} y1={edge.top} y2={height - edge.bottom} />
      {lines.map(({ name, color, counts }) => (
        <circle key={name} cx={x(at)} cy={y(counts[at] ?? 0)} r={3.5} style={{ fill: color }} />
      ))}
    </g>
  )
}

const compact = new Intl.NumberFormat(undefined, { notation: 'compact' })

/** A round number, whose half is one too. */
function niceTop(count: number): number {
  const power = 10 ** Math.floor(Math.log10(count))
  const times = [1, 2, 3, 4, 6, 8, 10].find((each) => each * power >= count) ?? 10
  return Math.max(2, times * power)
}

function Legend({ lines }: { lines: Line[] }) {
  return (
    <Group gap="md" mb={4}>
      {lines.map(({ name, color }) => (
        <Group key={name} gap={6}>
          <span className="chart-key" style={{ background: color }} />
          <Text size="sm">{name}</Text>
        </Group>
      ))}
    </Group>
  )
}

function CountTable({ label, times, lines }: Props) {
  return (
    <Table.ScrollContainer minWidth={320} mah={280} type="native">
      <Table aria-label={label} verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Time</Table.Th>
            {lines.map(({ name }) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {times.map((time, at) => (
            <Table.Tr key={time}>
              <Table.Td>{sayTime(time)}</Table.Td>
              {lines.map(({ name, counts }) => (
                <Table.Td key={name} ta="right">
                  {sayNumber(counts[at] ?? 0)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
