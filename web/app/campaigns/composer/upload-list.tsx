import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  FileInput,
  Group,
  Progress,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, upload } from '../../api/client.ts'
import type { Import } from '../../api/shapes.ts'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { sayCount } from '../../ui/words.ts'
import type { VariableGroup } from './use-variable-groups.ts'

interface Uploaded {
  group: VariableGroup
  lines: Record<'read' | 'stored' | 'rejected' | 'duplicates', number>
  rejects: { line: number; value: string; reason: string }[]
  importId: string | null
}

/** A file of phone numbers: its other columns are values that the message can name. */
export function UploadList({ onUploaded }: { onUploaded(groupId: string): void }) {
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const [makesContacts, setMakesContacts] = useState(true)
  const [share, setShare] = useState(0)
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: async (chosen: File) => {
      const contacts = makesContacts ? 'create' : 'known-only'
      const query = new URLSearchParams({ ref: name.trim(), contacts })
      return upload<Uploaded>(`/variable-groups/upload?${query}`, chosen, setShare)
    },
    onSuccess: async ({ group }) => {
      await client.invalidateQueries({ queryKey: ['variable-groups'] })
      setFile(null)
      onUploaded(group.id)
    },
  })
  const choose = (chosen: File | null) => {
    setFile(chosen)
    if (chosen) setName(chosen.name.replace(/\.[^.]*$/, ''))
  }
  return (
    <Stack gap="xs">
      <FileInput
        label="Or upload a list"
        description="CSV with a heading row and a column of phone numbers; each other column can be put into the message"
        placeholder="Choose a CSV file"
        accept=".csv,.tsv,.txt,text/csv"
        clearable
        value={file}
        onChange={choose}
        error={fieldProblem(send.error, 'file')}
        disabled={send.isPending}
        maw={480}
      />
      {file && (
        <Details
          name={name}
          onName={setName}
          makesContacts={makesContacts}
          onMakesContacts={setMakesContacts}
          error={send.error}
          share={send.isPending ? share : undefined}
          onSend={() => send.mutate(file)}
        />
      )}
      {!fieldProblem(send.error, 'file') && <ProblemNotice error={send.error} />}
      {send.data && <Outcome uploaded={send.data} />}
    </Stack>
  )
}

interface DetailsProps {
  name: string
  onName(name: string): void
  makesContacts: boolean
  onMakesContacts(makes: boolean): void
  error: unknown
  /** How much has gone out; nothing before it is sent. */
  share: number | undefined
  onSend(): void
}

function Details({ name, onName, makesContacts, onMakesContacts, error, share, onSend }: DetailsProps) {
  return (
    <>
      <TextInput
        label="Name of the list"
        description="lines are added when there is a list of this name"
        required
        value={name}
        error={fieldProblem(error, 'ref')}
        onChange={(event) => onName(event.currentTarget.value)}
        maw={480}
      />
      <Checkbox
        label="Numbers that are no contacts yet become contacts"
        checked={makesContacts}
        onChange={(event) => onMakesContacts(event.currentTarget.checked)}
      />
      <Group>
        <Button size="xs" disabled={name.trim() === ''} loading={share !== undefined} onClick={onSend}>
          Upload the list
        </Button>
      </Group>
      {share !== undefined && <Progress value={share * 100} aria-label="Upload" maw={480} />}
    </>
  )
}

/** While the numbers become contacts the campaign reaches more and more of them. */
function BecomingContacts({ importId }: { importId: string }) {
  const client = useQueryClient()
  const found = useQuery({
    queryKey: ['imports', importId],
    queryFn: async () => {
      const now = await api.get<Import>(`/imports/${importId}`)
      await client.invalidateQueries({ queryKey: ['campaigns', 'check'] })
      return now
    },
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? 2_000 : false),
  })
  return (
    <Anchor component={Link} to={`/imports/${importId}`} size="sm">
      {found.data?.state === 'completed' ? 'They are contacts now' : 'See how they become contacts'}
    </Anchor>
  )
}

function Outcome({ uploaded: { group, lines, rejects, importId } }: { uploaded: Uploaded }) {
  return (
    <Alert color={lines.rejected > 0 ? 'yellow' : 'teal'} title={`${group.name} is added`}>
      <Stack gap={4}>
        <Text size="sm">
          {sayCount(lines.stored, 'number')} of {sayCount(lines.read, 'line')}
          {lines.duplicates > 0 && `, ${lines.duplicates} were there twice`}
          {lines.rejected > 0 && `, ${lines.rejected} could not be taken`}.
        </Text>
        {rejects.slice(0, 5).map(({ line, value, reason }) => (
          <Text key={line} size="sm">
            Line {line}, “{value}”: {reason}
          </Text>
        ))}
        {importId && <BecomingContacts importId={importId} />}
      </Stack>
    </Alert>
  )
}
