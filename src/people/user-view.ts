import { z } from 'zod'
import type { Person } from './find-people.ts'
import { chatScopes } from './groups.ts'

const scope = z.enum(chatScopes)
/** The own wishes of a user or group; null says nothing. */
export const ownPermissions = z.object({
  canReadChats: scope.nullable(),
  canWriteToChats: scope.nullable(),
  canUseTags: z.boolean().nullable(),
})

/** How long is the policy's to say, which names the field. */
export const newPassword = z.string().min(1).max(4_000)
export const profile = z.object({
  username: z
    .string()
    .trim()
    .min(1)
    .max(150)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u, 'letters, digits and . _ @ + - only')
    .meta({ description: 'unique over the installation', example: 'ann' }),
  firstName: z.string().trim().max(150),
  lastName: z.string().trim().max(150),
  email: z.union([z.email().max(320), z.literal('')]).meta({ example: 'ann@example.com' }),
})

/** A user as the platform's API shows one. */
export const userView = z
  .object({
    id: z.uuid(),
    number: z.int().meta({ description: 'the id that callers of other APIs know' }),
    username: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    name: z.string().meta({ description: 'to be shown: both names, or the user name' }),
    email: z.string(),
    role: z.enum(['admin', 'user', 'app']),
    roleId: z.uuid().nullable().meta({ description: 'a role of the workspace that narrows what `user` may' }),
    isActive: z.boolean().meta({ description: 'activated, and not deactivated' }),
    isDeactivated: z.boolean(),
    hasPassword: z.boolean(),
    hasTwoFactor: z.boolean(),
    groups: z.array(
      z.object({
        id: z.uuid(),
        number: z.int(),
        name: z.string(),
        system: z.enum(['admin', 'user', 'app']).nullable(),
      }),
    ),
    permissions: z
      .object({ canReadChats: scope, canWriteToChats: scope, canUseTags: z.boolean() })
      .meta({ description: 'what holds: the own, else the widest of the groups, else what the role brings' }),
    ownPermissions,
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'User' })

export function toUserView(person: Person): z.input<typeof userView> {
  return { ...person, name: nameOf(person) }
}

function nameOf({ firstName, lastName, username }: Pick<Person, 'firstName' | 'lastName' | 'username'>) {
  return `${firstName} ${lastName}`.trim() || username
}
