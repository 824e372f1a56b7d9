import { z } from 'zod'
import { changeOwnPassword, setPassword } from '../../people/change-password.ts'
import { changeWireUser, createWireUser, type UserInput } from '../../wabbit-wire/change-users.ts'
import { findUserId, getWireUser, listGroupsByPage, listUsersByPage } from '../../wabbit-wire/list-users.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { callerOf } from './caller.ts'
import { booleanField, charField, choiceField, emailField, keyField, optionalText } from './fields.ts'
import { baseUrlOf, pageOf, pageQuery, toPage } from './page.ts'
import { groupWire, userWire } from './schemas.ts'
import { idParams } from './tags.ts'

const tag = 'User accounts'
const path = '/api/v1/users/'
const one = '/api/v1/users/:id/'

const username = charField(150).refine((name) => /^[A-Za-z0-9]+$/.test(name), {
  message: 'Only alphanumeric characters are allowed.',
})
const profile = z.object({ role: choiceField(['user', 'admin', 'app']).optional() }).optional()
const names = { first_name: optionalText(150), last_name: optionalText(150) }
const scope = choiceField(['all', 'group', 'user', 'none'])
const permissions = z.object({
  can_use_tags: booleanField.optional(),
  can_read_chats: scope.optional(),
  can_write_to_chats: scope.optional(),
})
/** Each as it is shown; the id counts. */
const groups = z.array(
  z.union([z.looseObject({ id: keyField }).transform(({ id }) => id), keyField], {
    error: 'Expected an object with an id.',
  }),
  { error: ({ input }) => (input === undefined ? 'This field is required.' : 'Expected a list of items.') },
)
const newUser = z.object({ username, ...names, email: emailField.optional(), profile })
const wholeUser = z.object({
  ...{ username, email: emailField, ...names, profile, groups },
  permissions: permissions.required({ can_use_tags: true, can_read_chats: true, can_write_to_chats: true }),
})
const partOfUser = z.object({
  ...{ username: username.optional(), email: emailField.optional(), ...names, profile },
  ...{ groups: groups.optional(), permissions: permissions.optional() },
})
const madeUser = userWire.extend({
  activation_url: z.url().meta({ description: 'activates the account; told this once' }),
})
/** What the document calls our fields. */
const fields = {
  firstName: 'first_name',
  lastName: 'last_name',
  role: 'profile.role',
  current: 'current_password',
  'permissions.canReadChats': 'permissions.can_read_chats',
  'permissions.canWriteToChats': 'permissions.can_write_to_chats',
  'permissions.canUseTags': 'permissions.can_use_tags',
}

export const userRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path, summary: 'List Users' },
    input: { query: z.object(pageQuery()) },
    output: pageOf(userWire),
    call: async (call) => toPage(call, await listUsersByPage(call.deps, callerOf(call), call.query)),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path, summary: 'Create User', status: 201, auth: 'admin', fields },
    description: 'Only for admins. The activation URL is told this once.',
    input: { body: newUser },
    output: madeUser,
    call: async (call) => {
      const { actor } = call
      const made = await createWireUser(call.deps, callerOf(call), {
        ...toInput(call.body),
        actor,
        username: call.body.username,
      })
      const base = baseUrlOf(call.deps.config, call.request)
      return { ...made.user, activation_url: `${base}/api/v1/users/activate/${made.code}/` }
    },
    toWire: (user) => user,
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/users/current/', summary: 'Retrieve Current User' },
    output: userWire,
    call: (call) => getWireUser(call.deps, callerOf(call), call.actor.id),
    toWire: (user) => user,
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: one, summary: 'Retrieve User' },
    input: { params: idParams },
    output: userWire,
    call: (call) => getWireUser(call.deps, callerOf(call), call.params.id),
    toWire: (user) => user,
  }),
  dialectRoute({
    ...{ tag, method: 'put', path: one, summary: 'Update User', fields },
    description: 'By admins and the user; role, groups and permissions by admins only.',
    input: { params: idParams, body: wholeUser },
    output: userWire,
    call: (call) => change(call, toInput(call.body)),
    toWire: (user) => user,
  }),
  dialectRoute({
    ...{ tag, method: 'patch', path: one, summary: 'Partial Update User', fields },
    input: { params: idParams, body: partOfUser },
    output: userWire,
    call: (call) => change(call, toInput(call.body)),
    toWire: (user) => user,
  }),
  dialectRoute({
    ...{
      tag,
      method: 'post',
      path: '/api/v1/users/current/password/change/',
      summary: 'Change Own Password',
    },
    fields: { ...fields, password: 'new_password' },
    input: { body: z.object({ current_password: charField(1_000), new_password: charField(1_000) }) },
    output: z.object({}),
    call: ({ deps, actor, body, request }) =>
      changeOwnPassword(deps, {
        ...{ actor, current: body.current_password, password: body.new_password, address: request.ip ?? '' },
      }),
    toWire: () => ({}),
  }),
  dialectRoute({
    ...{
      tag,
      method: 'post',
      path: '/api/v1/users/:id/password/change/',
      summary: 'Change Password',
      auth: 'admin',
    },
    description: 'Of somebody else. Only for admins. It does not activate an account.',
    input: { params: idParams, body: z.object({ password: charField(1_000) }) },
    output: z.object({}),
    call: (call) => setForUser(call, call.params.id, call.body.password),
    toWire: () => ({}),
  }),
  dialectRoute({
    ...{ tag: 'User groups', method: 'get', path: '/api/v1/groups/', summary: 'List Groups' },
    input: { query: z.object(pageQuery()) },
    output: pageOf(groupWire),
    call: async (call) => toPage(call, await listGroupsByPage(call.deps, callerOf(call), call.query)),
    toWire: (page) => page,
  }),
]

async function setForUser(call: Call, number: number, password: string): Promise<void> {
  const { deps, actor, workspaceId } = call
  await setPassword(deps, { actor, userId: await findUserId(deps, workspaceId, number), password })
}

function change(call: Call<{ id: number }>, input: UserInput) {
  return changeWireUser(call.deps, callerOf(call), { ...input, actor: call.actor, number: call.params.id })
}

function toInput(body: z.output<typeof partOfUser>): UserInput {
  const { first_name: firstName, last_name: lastName, permissions: given } = body
  return {
    ...{ username: body.username, firstName, lastName, email: body.email, role: body.profile?.role },
    groups: body.groups,
    permissions: given && {
      canUseTags: given.can_use_tags,
      canReadChats: given.can_read_chats,
      canWriteToChats: given.can_write_to_chats,
    },
  }
}
