import type { ReactNode } from 'react'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { JsonSchema } from '../api/journey-shapes.ts'

/** Which problem the API found at a path of the value, like `buttons.0.title`. */
export type ProblemAt = (path: string) => string | undefined

export interface FieldProps {
  schema: JsonSchema
  label: string
  isRequired: boolean
  value: Json | undefined
  /** undefined takes it away. */
  onChange(value: Json | undefined): void
  path: string
  problemAt: ProblemAt
  /** The inputs of what is inside. */
  renderPart(part: PartProps): ReactNode
}
export interface PartProps {
  schema: JsonSchema
  value: JsonObject
  onChange(value: JsonObject): void
  path: string
}
