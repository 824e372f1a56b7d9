import { useQuery } from '@tanstack/react-query'
import type { JsonSchema } from './journey-shapes.ts'

interface Document {
  components: { schemas: Record<string, JsonSchema> }
}

/** These have inputs of their own, which know them by their name. */
const known = new Set(['Condition', 'JsonObject', 'AutomaticMessage'])

/** What the API's own document says of a body, with what it refers to put in its place. */
export function useSchema(name: string) {
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: async (): Promise<Document> => {
      const answer = await fetch('/openapi.json')
      if (!answer.ok) throw new Error(`the API's document cannot be read (${answer.status})`)
      return (await answer.json()) as Document
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  const schemas = document.data?.components.schemas
  const found = schemas?.[name]
  return { ...document, schema: found && schemas ? resolve(found, schemas) : undefined }
}

function resolve(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const { $ref, ...rest } = schema
  const target = $ref?.split('/').at(-1)
  if (target !== undefined && !known.has(target))
    return { ...resolve(schemas[target] ?? {}, schemas), ...rest }
  const each = (list: JsonSchema[]) => list.map((one) => resolve(one, schemas))
  return {
    ...schema,
    ...(schema.items && { items: resolve(schema.items, schemas) }),
    ...(schema.anyOf && { anyOf: each(schema.anyOf) }),
    ...(schema.oneOf && { oneOf: each(schema.oneOf) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, field]) => [name, resolve(field, schemas)]),
      ),
    }),
  }
}
