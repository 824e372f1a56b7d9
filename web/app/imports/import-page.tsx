import { Alert, Anchor, Badge, List, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useParams } from 'react-router'
import { api } from '../api/client.ts'
import type { Import, ImportColumn } from '../api/shapes.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { ImportProgress } from './import-progress.tsx'
import { isOpen, stateColors, stateWords } from './import-state.ts'
import { MappingForm } from './mapping-form.tsx'

export function ImportPage() {
  const { id = '' } = useParams()
  const { state } = useLocation() as { state: { suggestion?: ImportColumn[] } | null }
  const found = useQuery({
    queryKey: ['imports', id],
    queryFn: () => api.get<Import>(`/imports/${id}`),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 700 : false),
  })
  if (found.isPending) return <Loading what="the import" />
  if (found.error) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
  const import_ = found.data
  return (
    <>
      <Anchor component={Link} to="/imports" size="sm">
        ← Imports
      </Anchor>
      <PageTitle title={import_.name}>
        <Badge size="lg" variant="light" color={stateColors[import_.state]}>
          {stateWords[import_.state]}
        </Badge>
      </PageTitle>
      <Stack>
        {import_.warnings.length > 0 && (
          <Alert color="yellow" title="About the file">
            <List size="sm">
              {import_.warnings.map((warning) => (
                <List.Item key={warning}>{warning}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        {import_.state !== 'uploaded' && import_.state !== 'ready' && <ImportProgress import_={import_} />}
        {isOpen(import_) && <MappingForm key={id} import_={import_} suggestion={state?.suggestion} />}
      </Stack>
    </>
  )
}
