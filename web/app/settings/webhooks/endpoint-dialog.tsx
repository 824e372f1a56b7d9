import { Button, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useSchema } from '../../api/use-schema.ts'
import type { WebhookEndpoint } from '../../api/webhook-shapes.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'
import { ShowOnce } from '../people/show-once.tsx'

interface Props {
  endpoint: WebhookEndpoint | undefined
  onClose(): void
  onDone(): Promise<void>
}

/** Where it is told, and what. The secret is shown once. */
export function EndpointDialog({ endpoint, onClose, onDone }: Props) {
  const [wish, setWish] = useState({
    ...{ name: endpoint?.name ?? '', url: endpoint?.url ?? '' },
    kinds: endpoint?.kinds ?? ['message.received'],
  })
  const path = `/webhook-endpoints/${endpoint?.id}`
  const save = useMutation({
    mutationFn: () =>
      endpoint
        ? api.patch<{ secret?: string }>(path, wish)
        : api.post<{ secret?: string }>('/webhook-endpoints', wish),
    onSuccess: async ({ secret }) => {
      await onDone()
      if (secret === undefined) onClose()
    },
  })
  const rotate = useMutation({ mutationFn: () => api.post<{ secret: string }>(`${path}/secret/rotate`) })
  const remove = useMutation({
    mutationFn: () => api.delete(path),
    onSuccess: () => onDone().then(onClose),
  })
  const secret = save.data?.secret ?? rotate.data?.secret
  return (
    <Modal opened onClose={onClose} title={endpoint ? 'Change the webhook' : 'New webhook'} size="lg">
      <Stack>
        {secret !== undefined && (
          <ShowOnce
            title="Secret"
            words="It signs each delivery as Standard Webhooks says; it is shown this once."
            value={secret}
          />
        )}
        <EndpointFields value={wish} onChange={setWish} error={save.error} />
        <ProblemNotice error={save.error ?? rotate.error ?? remove.error} />
        {endpoint && (
          <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Another secret; the old one signs too for a day
          </Button>
        )}
        {save.data?.secret !== undefined ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose}>
            {endpoint && (
              <ConfirmButton
                label="Delete"
                question="Delete this webhook?"
                words="What it is still owed is not delivered."
                loading={remove.isPending}
                onConfirm={() => remove.mutate()}
              />
            )}
          </DialogFooter>
        )}
      </Stack>
    </Modal>
  )
}

interface Wish {
  name: string
  url: string
  kinds: string[]
}
interface FieldProps {
  value: Wish
  onChange(value: Wish): void
  error: unknown
}

function EndpointFields({ value, onChange, error }: FieldProps) {
  const { schema } = useSchema('WebhookKind')
  return (
    <>
      <TextInput
        label="Address"
        required
        value={value.url}
        error={fieldProblem(error, 'url')}
        onChange={(event) => onChange({ ...value, url: event.currentTarget.value })}
      />
      <TextInput
        label="Name"
        value={value.name}
        error={fieldProblem(error, 'name')}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      <MultiSelect
        label="What it is told"
        required
        searchable
        data={schema?.enum ?? value.kinds}
        value={value.kinds}
        error={fieldProblem(error, 'kinds')}
        onChange={(kinds) => onChange({ ...value, kinds })}
      />
    </>
  )
}
