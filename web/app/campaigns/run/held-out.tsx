import { Stack, Table, Text } from '@mantine/core'
import type { RunStatistics } from '../../api/report-shapes.ts'
import { Result } from '../../journeys/report/experiments.tsx'
import { Card } from '../../ui/card.tsx'
import { sayNumber } from '../../ui/words.ts'

interface Props {
  statistics: RunStatistics
  holdOut: NonNullable<RunStatistics['holdOut']>
}

/** What the message did: who got it against who was held out. */
export function HeldOut({ statistics: { sent, converted, rates }, holdOut }: Props) {
  const { people, lift, liftFrom, liftTo, verdict, pValue, rate, from, to } = holdOut
  return (
    <Card title="What the message did">
      <Stack gap="sm">
        <Table aria-label="What the message did">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Who</Table.Th>
              <Table.Th>People</Table.Th>
              <Table.Th>Converted</Table.Th>
              <Table.Th>Rate</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Td>Held out</Table.Td>
              <Table.Td>{sayNumber(people)}</Table.Td>
              <Table.Td>{sayNumber(holdOut.converted)}</Table.Td>
              <Table.Td>
                <Result result={{ rate, from, to, pValue: null, verdict: 'base' }} />
              </Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Td>Got it</Table.Td>
              <Table.Td>{sayNumber(sent)}</Table.Td>
              <Table.Td>{sayNumber(converted)}</Table.Td>
              <Table.Td>
                <Result result={{ ...rates.converted, pValue, verdict }} />
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
        {lift !== null && (
          <Text size="sm">
            Of a hundred who got it {perHundred(Math.abs(lift))} {lift < 0 ? 'fewer' : 'more'} converted than
            of a hundred held out; with 95 % confidence between {perHundred(liftFrom)} and{' '}
            {perHundred(liftTo)} more.
          </Text>
        )}
      </Stack>
    </Card>
  )
}

function perHundred(share: number): string {
  return (share * 100).toFixed(1)
}
