const pattern = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** As columns of uuids take it, with hyphens or without; undefined when it is none: then no row has it as its id. */
export function asUuid(text: string): string | undefined {
  return pattern.test(text) ? text.toLowerCase() : undefined
}

/** Those of the names that are ids, as the parameter of `id in (select jsonb_array_elements_text(?::jsonb)::uuid)`. */
export function idsAmong(names: string[]): string {
  return JSON.stringify(names.flatMap((name) => asUuid(name) ?? []))
}
