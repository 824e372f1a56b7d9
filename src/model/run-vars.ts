import { jsonObjectSchema, type JsonObject } from './json.ts'

/** Variables go with every step of a run, for as long as it lives: larger things belong where they came from. */
const maximumCharacters = 64 * 1024

/** Why these cannot be a run's variables, if so. */
export function varsProblem(vars: JsonObject): string | undefined {
  const size = JSON.stringify(vars).length
  return size > maximumCharacters
    ? `the variables of a run have at most ${maximumCharacters} characters as JSON: these have ${size}`
    : undefined
}

export const runVarsSchema = jsonObjectSchema.refine((vars) => varsProblem(vars) === undefined, {
  error: ({ input }) => varsProblem(input as JsonObject) ?? '',
})
