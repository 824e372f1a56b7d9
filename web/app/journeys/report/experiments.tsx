import { Badge, Stack, Table, Text } from '@mantine/core'
import type { ExperimentResult, ReportExperiment } from '../../api/journey-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { sayShare } from '../../ui/words.ts'
import { CsvLink } from './csv-link.tsx'

const verdicts: Record<ExperimentResult['verdict'], [words: string, color: string]> = {
  base: ['compared with', 'gray'],
  'too-few': ['too few to say', 'gray'],
  'no-difference': ['no difference seen', 'gray'],
  better: ['better', 'teal'],
  worse: ['worse', 'red'],
}

/** The paths of each A/B splitter against its first one. */
export function Experiments({ experiments, csv }: { experiments: ReportExperiment[]; csv: string }) {
  return (
    <Card title="A/B tests" action={<CsvLink href={csv} what="A/B tests" />}>
      <Stack>
        {experiments.map((experiment) => (
          <Experiment key={experiment.cardId} experiment={experiment} />
        ))}
      </Stack>
    </Card>
  )
}

function Experiment({
  experiment: { cardId, title, paths, significance },
}: {
  experiment: ReportExperiment
}) {
  return (
    <Table.ScrollContainer minWidth={520} type="native">
      <Table aria-label={title ?? cardId} captionSide="top">
        <Table.Caption ta="left">
          {title ?? cardId} · a difference counts when chance makes it less often than{' '}
          {sayShare(significance)}
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Path</Table.Th>
            <Table.Th>Runs</Table.Th>
            <Table.Th>Completed</Table.Th>
            <Table.Th>Goal</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {paths.map(({ path, label, runs, completed, goal }) => (
            <Table.Tr key={path}>
              <Table.Td>{label ?? path}</Table.Td>
              <Table.Td>{runs.toLocaleString()}</Table.Td>
              <Table.Td>
                <Result result={completed} />
              </Table.Td>
              <Table.Td>
                <Result result={goal} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface ResultProps {
  result: Pick<ExperimentResult, 'from' | 'to' | 'verdict' | 'pValue'> & { rate: number | null }
}

/** A rate, where the true one lies, and whether it differs from what it is compared with. */
export function Result({ result: { rate, from, to, verdict, pValue } }: ResultProps) {
  const [words, color] = verdicts[verdict]
  return (
    <Stack gap={2} align="flex-start">
      <Text size="sm">
        {sayShare(rate)}{' '}
        <span className="app-muted">
          ({sayShare(from)} to {sayShare(to)})
        </span>
      </Text>
      <Badge size="sm" variant="light" color={color}>
        {words}
        {pValue !== null && (pValue < 0.001 ? ', p < 0.001' : `, p = ${pValue.toFixed(3)}`)}
      </Badge>
    </Stack>
  )
}
