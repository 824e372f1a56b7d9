import { z } from 'zod'

const id = z.union([z.string().trim().min(1).max(200), z.number().int().transform(String)])
const number = z.union([
  z.number().int().positive(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
])

const entrySchema = z
  .object({
    message_id: id.nullish(),
    chat_id: id.nullish(),
    user: number.nullish(),
    group: number.nullish(),
    group_assign_method: z.enum(['round_robin', 'let_group_decide']).nullish(),
  })
  .refine(({ message_id: message, chat_id: chat }) => message != null || chat != null, {
    message: 'names neither message_id nor chat_id',
  })
  .refine(({ user, group }) => user != null || group != null, { message: 'names neither user nor group' })
  .refine(({ user, group, group_assign_method: method }) => group == null || user != null || method != null, {
    path: ['group_assign_method'],
    message: 'is required with a group',
  })

/** One assignment that a rule engine asks for. */
export interface Entry {
  messageId: string | undefined
  chatId: string | undefined
  userNumber: number | undefined
  groupNumber: number | undefined
  method: 'round_robin' | 'let_group_decide' | null
}

/** What an entry says, or in words what is wrong with it. */
export function readEntry(given: unknown): Entry | { problem: string } {
  const { data, error } = entrySchema.safeParse(given)
  if (error) {
    return { problem: error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; ') }
  }
  return {
    messageId: data.message_id ?? undefined,
    chatId: data.chat_id ?? undefined,
    userNumber: data.user ?? undefined,
    groupNumber: data.group ?? undefined,
    method: data.group_assign_method ?? null,
  }
}
