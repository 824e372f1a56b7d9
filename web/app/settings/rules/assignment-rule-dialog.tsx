import { Checkbox, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { AssignmentRule } from '../../api/rule-shapes.ts'
import { useSchema } from '../../api/use-schema.ts'
import { SchemaFields } from '../../forms/schema-fields.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'

interface Props {
  rule: AssignmentRule | undefined
  onClose(): void
  onDone(): Promise<void>
}

/** What a rule looks at, and who gets the chat. */
export function AssignmentRuleDialog({ rule, onClose, onDone }: Props) {
  const [wish, setWish] = useState({
    ...{ name: rule?.name ?? '', enabled: rule?.enabled ?? true },
    definition: rule?.definition ?? {},
  })
  const { schema, error } = useSchema('AssignmentRuleDefinition')
  const onSuccess = async () => {
    await onDone()
    onClose()
  }
  const save = useMutation({
    mutationFn: () =>
      rule ? api.patch(`/assignment-rules/${rule.id}`, wish) : api.post('/assignment-rules', wish),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => api.delete(`/assignment-rules/${rule?.id}`), onSuccess })
  return (
    <Modal opened onClose={onClose} title={rule ? rule.name : 'New assignment rule'} size="xl">
      <Stack>
        <TextInput
          label="Name"
          required
          data-autofocus
          value={wish.name}
          error={fieldProblem(save.error, 'name')}
          onChange={(event) => setWish({ ...wish, name: event.currentTarget.value })}
        />
        <Checkbox
          label="It is looked at"
          checked={wish.enabled}
          onChange={(event) => setWish({ ...wish, enabled: event.currentTarget.checked })}
        />
        {schema ? (
          <SchemaFields
            schema={schema}
            value={wish.definition}
            onChange={(definition) => setWish({ ...wish, definition })}
            problemAt={(path) => fieldProblem(save.error, `definition.${path}`)}
          />
        ) : (
          !error && <Loading what="the form" />
        )}
        <ProblemNotice error={error ?? save.error ?? remove.error} />
        <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose}>
          {rule && (
            <ConfirmButton
              label="Delete"
              question={`Delete the rule ${rule.name}?`}
              words="Chats that it gave away stay with whoever has them."
              loading={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  )
}
