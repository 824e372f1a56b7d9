import { perFile } from './rule.ts'
import type { Node } from './source-file.ts'

const wrongRooms = /(^|-)(utils?|helpers?|common|services?|managers?)$|^types$/

export const fileNameRule = perFile(
  'a file is named in kebab-case, for what it does',
  () => true,
  ({ path }) => {
    const parts = path.split('/').map((part) => part.replace(/\..*$/, ''))
    const file = path.split('/').at(-1) ?? ''
    return [
      ...parts.filter((part) => wrongRooms.test(part)).map((part) => ({ message: `is called ${part}` })),
      ...(/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.m?tsx?$/.test(file)
        ? []
        : [{ message: 'is no kebab-case' }]),
    ]
  },
)

const registries = [
  'workflows/index.ts',
  'workflows/cards/index.ts',
  'activities/index.ts',
  'integrations/index.ts',
]

/** A barrel says nothing of its own: imports, and exports of what others declare. */
export const barrelRule = perFile(
  'no barrels but the four registries',
  (path) => !registries.includes(path),
  ({ body }) => {
    const reexports = body.filter(isReexport)
    const says = body.filter((node) => !isReexport(node) && node.type !== 'ImportDeclaration')
    return reexports.length > 0 && says.length === 0 ? [{ message: 'is a barrel' }] : []
  },
)

function isReexport({ type }: Node): boolean {
  return type === 'ExportAllDeclaration' || type === 'ExportNamedDeclaration'
}
