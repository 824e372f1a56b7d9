import type { Capabilities } from './capabilities.ts'

/** Who works here, how they get in, what they may, and what they did. */
export const ofPeople: Record<string, Capabilities> = {
  users: {
    add: 'POST /users',
    list: 'GET /users',
    show: 'GET /users/{id}',
    change: 'PATCH /users/{id}',
    'send away and let in again': ['DELETE /users/{id}', 'POST /users/{id}/reactivation'],
    'invite again': 'POST /users/{id}/invitation',
    'set a password': 'PUT /users/{id}/password',
    'take a lost second factor away': 'DELETE /users/{id}/totp',
    'see and end sessions': ['GET /users/{id}/sessions', 'DELETE /users/{id}/sessions'],
    'show and revoke a token': ['POST /users/{id}/token', 'DELETE /users/{id}/token'],
  },
  invitations: { 'see whom it is for': 'GET /activations/{code}', accept: 'POST /activations/{code}' },
  'the own account': {
    show: 'GET /users/me',
    change: 'PATCH /users/me',
    password: 'PUT /users/me/password',
    'second factor': [
      ...['POST /users/me/totp', 'POST /users/me/totp/confirm', 'POST /users/me/totp/disable'],
      'POST /users/me/recovery-codes',
    ],
    sessions: ['GET /users/me/sessions', 'DELETE /users/me/sessions', 'DELETE /users/me/sessions/{id}'],
    token: ['POST /users/me/token', 'DELETE /users/me/token'],
    'sign in and out': ['POST /sessions', 'POST /sessions/second-factor', 'DELETE /sessions/current'],
  },
  teams: {
    make: 'POST /groups',
    list: 'GET /groups',
    show: 'GET /groups/{id}',
    change: 'PATCH /groups/{id}',
    delete: 'DELETE /groups/{id}',
    members: ['PUT /groups/{id}/members/{userId}', 'DELETE /groups/{id}/members/{userId}'],
  },
  roles: {
    'what there is to allow': 'GET /permissions',
    make: 'POST /roles',
    list: 'GET /roles',
    show: 'GET /roles/{id}',
    change: 'PATCH /roles/{id}',
    delete: 'DELETE /roles/{id}',
  },
  'the log of changes': { read: 'GET /audit', export: 'GET /audit/export' },
}
