import { PairsField } from '../../forms/object-fields.tsx'
import type { JsonObject } from '../../../../src/model/json.ts'
import { Card } from '../../ui/card.tsx'
import { useComposer } from '../composer/composer-context.ts'

/** What `{{given.…}}` is for those whose own line or call does not say it. */
export function GivenValues() {
  const { draft, change, problemAt } = useComposer()
  return (
    <Card title="Values of your own">
      <PairsField
        schema={{
          description:
            'the same for everybody, as {{given.name}}; a column of an uploaded list, or what an API call brings, goes before it',
        }}
        label="Values"
        isRequired={false}
        value={draft.given}
        path="given"
        problemAt={problemAt}
        onChange={(given) => change({ given: given as JsonObject | undefined })}
        renderPart={() => null}
      />
    </Card>
  )
}
