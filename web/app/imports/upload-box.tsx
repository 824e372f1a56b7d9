import { Button, FileInput, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { upload } from '../api/client.ts'
import type { Import } from '../api/shapes.ts'
import { ProblemNotice } from '../ui/states.tsx'

export function UploadBox() {
  const [file, setFile] = useState<File | null>(null)
  const [share, setShare] = useState(0)
  const client = useQueryClient()
  const navigate = useNavigate()
  const send = useMutation({
    mutationFn: (chosen: File) => upload<Import>('/imports', chosen, setShare),
    onSuccess: async ({ id, suggestion }) => {
      await client.invalidateQueries({ queryKey: ['imports'] })
      await navigate(`/imports/${id}`, { state: { suggestion } })
    },
  })
  return (
    <Paper withBorder p="md" component="section" aria-label="Upload">
      <Stack gap="sm">
        <Group align="flex-end">
          <FileInput
            label="CSV file of contacts"
            description="with a heading row; UTF-8 and older encodings are recognised"
            placeholder="Choose a file"
            accept=".csv,.tsv,.txt,text/csv"
            clearable
            value={file}
            onChange={setFile}
            disabled={send.isPending}
            style={{ flex: '1 1 16rem' }}
            maw={480}
          />
          <Button disabled={!file} loading={send.isPending} onClick={() => file && send.mutate(file)}>
            Upload
          </Button>
        </Group>
        {send.isPending && (
          <>
            <Progress value={share * 100} aria-label="Upload" />
            <Text size="sm" c="dimmed">
              {share < 1 ? `${Math.round(share * 100)} % sent` : 'The server is reading the file …'}
            </Text>
          </>
        )}
        <ProblemNotice error={send.error} />
      </Stack>
    </Paper>
  )
}
