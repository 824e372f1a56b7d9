/**
 * What a user may, by areas of the platform. An area is what the routes of some headings of the API are about; the level
 * that a route needs follows from its method. This is the one place that says so.
 */
export const areas = {
  inbox: 'Inbox: chats, messages, notes, labels, saved responses',
  contacts: 'Contacts, consent, segments, imports and exports',
  campaigns: 'Campaigns and their reports',
  journeys: 'Journeys, their runs, events, blocks and flows',
  templates: 'Message templates and media',
  catalog: 'Catalogs, products and orders',
  apps: 'Connected applications and webhooks',
  numbers: 'Phone numbers, their health, pace and prices',
  settings: 'Inbox settings and rules of assignment',
  people: 'Users, groups and roles',
  audit: 'The log of who changed what',
} as const
export type Area = keyof typeof areas
export const areaNames = Object.keys(areas) as Area[]

/** From less to more; each holds what is before it. */
export const levels = ['none', 'read', 'write', 'manage'] as const
export type Level = (typeof levels)[number]
export type Levels = Record<Area, Level>

/** `own` is everybody's who is signed in; `admins` gives away so much that no custom role may have it. */
type Place = Area | 'own' | 'admins'

/** Which area a heading of the API belongs to. A heading that is not here is closed to all but the built-in roles. */
const placeOfTag: Record<string, Place> = {
  ...placed('own', ['Sessions', 'Account', 'Activation', 'Permissions', 'Files']),
  ...placed('admins', ['API keys']),
  ...placed('inbox', ['Conversations', 'Inbox', 'Satisfaction', 'Scheduled messages', 'Workspace']),
  ...placed('contacts', [
    'Contacts',
    'Contact providers',
    'Consent',
    'Segments',
    'Variable groups',
    'Imports',
    'Exports',
  ]),
  ...placed('campaigns', ['Campaigns', 'Campaign reports', 'Links']),
  ...placed('journeys', ['Journeys', 'Runs', 'Simulations', 'Bulk operations', 'Pauses', 'Emergency stop']),
  ...placed('journeys', ['Reports', 'Expressions', 'Blocks', 'Flows', 'Entry points', 'Events']),
  ...placed('templates', ['Templates', 'Template library', 'Media']),
  ...placed('catalog', ['Catalogs', 'Products', 'Product sets', 'Orders']),
  ...placed('apps', ['Connections', 'Webhooks']),
  ...placed('numbers', ['Numbers', 'Autopilot', 'Contact arbiter', 'Rate cards']),
  ...placed('settings', ['Inbox settings', 'Rules']),
  ...placed('people', ['Users', 'Groups', 'Roles']),
  ...placed('audit', ['Audit']),
}

export interface Asked {
  method: string
  path: string
  auth: 'key' | 'admin' | 'none'
  tag: string
}

/** Where a route belongs; undefined when its heading was forgotten here, which a test notices. */
export function placeOf({ tag }: Pick<Asked, 'tag'>): Place | undefined {
  return placeOfTag[tag]
}

/** What it needs there: reading reads, anything else writes, and what only admins might is managing. */
export function levelOf({ method, path, auth }: Omit<Asked, 'tag'>): Level {
  if (auth === 'admin') return 'manage'
  const isReading = method.toLowerCase() === 'get' || (method.toLowerCase() === 'post' && asksOnly.test(path))
  return isReading ? 'read' : 'write'
}

/** Questions that are too long for an address. */
const asksOnly = /\/(query|lookup|preview|evaluate|lint|validate|check|compose|compose-message|fill)$/

export function reaches(level: Level, needed: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(needed)
}

/**
 * The levels that bound a user; undefined of admins and ordinary users, whom routes know by their role. A program is in the
 * inbox and nowhere else, until a role of the workspace says what its integration needs.
 * @param custom the levels of the role that the workspace gave
 */
export function levelsOfRole(
  role: 'admin' | 'user' | 'app',
  custom: Partial<Levels> | null,
): Levels | undefined {
  if (role === 'admin') return undefined
  if (custom) return fill(custom)
  return role === 'app' ? fill(ofPrograms) : undefined
}

/** The same of everybody, for those who compare. */
export function allLevels(role: 'admin' | 'user' | 'app', custom: Partial<Levels> | null): Levels {
  return levelsOfRole(role, custom) ?? every(role === 'admin' ? 'manage' : 'write')
}

/** To answer one must know who asks, what may be sent, and whom to pass a chat on to. */
const ofPrograms: Partial<Levels> = { inbox: 'write', contacts: 'write', templates: 'read', people: 'read' }

/** An area that came after the role was made is closed to it. */
function fill(given: Partial<Levels>): Levels {
  return { ...every('none'), ...given }
}

function every(level: Level): Levels {
  return Object.fromEntries(areaNames.map((area) => [area, level])) as Levels
}

function placed(place: Place, tags: string[]): Record<string, Place> {
  return Object.fromEntries(tags.map((tag) => [tag, place]))
}
