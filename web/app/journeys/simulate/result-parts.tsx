import { Alert, Anchor, Badge, Button, Group, NumberInput, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import type { SimulationResult } from '../../api/simulation-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { sayCount, sayName, sayNumber } from '../../ui/words.ts'
import { ReportTable } from '../report/report-table.tsx'

/** What would go wrong, each with contacts who show it. */
export function Violations(props: { violations: SimulationResult['violations']; onShow(n: number): void }) {
  if (props.violations.length === 0) return <Alert color="teal">Nothing goes wrong.</Alert>
  return (
    <Card title="What goes wrong">
      <Stack gap="sm">
        {props.violations.map(({ kind, severity, card, message, contacts, examples }) => (
          <div key={`${kind} ${card} ${message}`} className="app-group">
            <Group gap="xs">
              <Badge variant="light" color={severity === 'error' ? 'red' : 'yellow'}>
                {sayName(kind)}
              </Badge>
              {card && <Text size="sm">at {card}</Text>}
              <Text size="sm" c="dimmed">
                {contacts > 0 && sayCount(contacts, 'contact')}
              </Text>
            </Group>
            <Text size="sm">{message}</Text>
            <Group gap="xs">
              {examples.slice(0, 5).map((n) => (
                <Anchor key={n} component="button" type="button" size="sm" onClick={() => props.onShow(n)}>
                  Contact {n}
                </Anchor>
              ))}
            </Group>
          </div>
        ))}
      </Stack>
    </Card>
  )
}

interface FlowProps {
  cards: SimulationResult['cards']
  /** Of the draft, in the order of its flow. */
  titles: Map<string, string>
}

export function CardFlows({ cards, titles }: FlowProps) {
  const order = [...titles.keys()]
  const place = (card: string) => (titles.has(card) ? order.indexOf(card) : order.length)
  const listed = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${sayNumber(count)}`)
      .join(', ')
  return (
    <Card title="Cards">
      <ReportTable
        label="Simulated cards"
        rows={cards
          .toSorted((a, b) => place(a.card) - place(b.card))
          .map((row) => ({ ...row, key: row.card, title: titles.get(row.card) ?? null }))}
        columns={{
          Entered: ({ entered }) => entered,
          'Went on by': ({ outlets }) => listed(outlets),
          Messages: ({ messages }) => messages,
          'Still there': ({ inside }) => inside,
          'Ended here': ({ ended }) => ended,
          Failed: ({ failed }) => listed(failed),
        }}
      />
    </Card>
  )
}

export function Costs({ cost: { currencies, free, unpriced } }: { cost: SimulationResult['cost'] }) {
  return (
    <Card title="Cost">
      <Stack gap="xs">
        {currencies.map(({ currency, total, lines }) => (
          <Table key={currency} aria-label={`Cost in ${currency}`} verticalSpacing={4}>
            <Table.Tbody>
              {lines.map(({ category, country, messages, cost }) => (
                <Table.Tr key={category + country}>
                  <Table.Td>
                    {category}, {country || 'no country'}
                  </Table.Td>
                  <Table.Td ta="right">{sayNumber(messages)}</Table.Td>
                  <Table.Td ta="right">
                    {cost} {currency}
                  </Table.Td>
                </Table.Tr>
              ))}
              <Table.Tr>
                <Table.Td fw={600}>In all</Table.Td>
                <Table.Td />
                <Table.Td ta="right" fw={600}>
                  {total} {currency}
                </Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
        ))}
        <Text size="sm">{sayCount(free, 'message')} free of charge.</Text>
        {unpriced.map(({ category, country, messages }) => (
          <Text key={category + country} size="sm" c="yellow">
            {sayCount(messages, 'message')} have no price: {category}, {country || 'no country'}. Add it to a
            rate card.
          </Text>
        ))}
      </Stack>
    </Card>
  )
}

interface WaysProps {
  paths: SimulationResult['paths']
  contacts: number
  onShow(n: number): void
}

/** The ways that contacts take, the most trodden first, and any contact's own. */
export function Ways({ paths: { distinct, paths }, contacts, onShow }: WaysProps) {
  const [n, setN] = useState(0)
  return (
    <Card title={`Ways (${distinct})`}>
      <Stack gap="sm">
        {paths.slice(0, 10).map(({ steps, end, contacts: count, example }) => (
          <div key={example} className="app-group">
            <Text size="sm">
              {steps.map(({ card, outlet }) => `${card} (${outlet})`).join(' → ')} → {end}
            </Text>
            <Group gap="xs">
              <Text size="sm" c="dimmed">
                {sayCount(count, 'contact')}
              </Text>
              <Anchor component="button" type="button" size="sm" onClick={() => onShow(example)}>
                Contact {example}
              </Anchor>
            </Group>
          </div>
        ))}
        <Group align="flex-end" gap="xs">
          <NumberInput
            label="Any contact, by number"
            min={0}
            max={Math.max(0, contacts - 1)}
            value={n}
            onChange={(given) => setN(Number(given) || 0)}
            w={180}
          />
          <Button variant="default" onClick={() => onShow(n)}>
            Show the way
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
