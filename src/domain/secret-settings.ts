import { z } from 'zod'

/** Where a secret stands in the settings: property names, '*' for every element of an array or record. */
export type SecretPath = readonly string[]
/** One secret of one inbox: its exact place and its value. */
export type SecretEntry = readonly [path: readonly string[], value: unknown]
export type Settings = Readonly<Record<string, unknown>>

/** What people see instead of a secret; sent back unchanged it means "as it was". */
export const mask = '•••'

interface JsonSchema {
  readonly secret?: boolean
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

/** Every place that any variant of the schema marks `.meta({ secret: true })`. */
export function secretPaths(schema: z.ZodType): readonly SecretPath[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema
  const found = new Map<string, SecretPath>()
  walk(root, [], (path) => found.set(path.join('\0'), path))
  return [...found.values()]
}

function walk(node: JsonSchema, path: SecretPath, found: (path: SecretPath) => void): void {
  // A schema that contains itself would never end; settings are shallow.
  if (path.length > 8) return
  if (node.secret === true) {
    found(path)
    return
  }
  for (const variant of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])])
    walk(variant, path, found)
  for (const [name, property] of Object.entries(node.properties ?? {})) walk(property, [...path, name], found)
  const elements = [node.items, ...(node.prefixItems ?? []), node.additionalProperties]
  for (const element of elements) if (typeof element === 'object') walk(element, [...path, '*'], found)
}

/** Takes the secrets out; `open` may be shown and stored as it is. */
export function splitSettings(
  settings: Settings,
  paths: readonly SecretPath[],
): { open: Settings; secrets: SecretEntry[] } {
  const open = structuredClone(settings)
  const secrets: SecretEntry[] = []
  for (const path of paths) {
    for (const place of placesOf(open, path)) {
      secrets.push([place, valueAt(open, place)])
      removeAt(open, place)
    }
  }
  return { open, secrets }
}

/** Puts the secrets back where they were. */
export function joinSettings(open: Settings, secrets: readonly SecretEntry[]): Settings {
  const whole = structuredClone(open)
  for (const [path, value] of secrets) setAt(whole, path, value)
  return whole
}

/** What may leave through the API. Takes the places only: whoever shows settings needs no secret. */
export function maskSettings(open: Settings, places: readonly (readonly string[])[]): Settings {
  return joinSettings(
    open,
    places.map((path) => [path, mask]),
  )
}

/** Replaces each mask that came back by the value it stood for. A mask that stood for nothing stays, and `lost` names it. */
export function unmaskSettings(
  input: Settings,
  current: readonly SecretEntry[],
  paths: readonly SecretPath[],
): { settings: Settings; lost: readonly string[] } {
  const settings = structuredClone(input)
  const known = new Map(current.map(([path, value]) => [path.join('\0'), value]))
  const lost: string[] = []
  for (const place of paths.flatMap((path) => placesOf(settings, path))) {
    if (valueAt(settings, place) !== mask) continue
    const key = place.join('\0')
    if (known.has(key)) setAt(settings, place, known.get(key))
    else lost.push(place.join('.'))
  }
  return { settings, lost }
}

function placesOf(root: unknown, path: SecretPath): string[][] {
  let places: string[][] = [[]]
  for (const step of path) {
    places = places.flatMap((place) => {
      const node = valueAt(root, place)
      if (typeof node !== 'object' || node === null) return []
      const names = step === '*' ? Object.keys(node) : [step]
      return names.filter((name) => Object.hasOwn(node, name)).map((name) => [...place, name])
    })
  }
  return places.filter((place) => valueAt(root, place) !== undefined)
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let node = root
  for (const name of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined
    node = (node as Record<string, unknown>)[name]
  }
  return node
}

function setAt(root: unknown, path: readonly string[], value: unknown): void {
  const parent = valueAt(root, path.slice(0, -1))
  const name = path.at(-1)
  if (typeof parent !== 'object' || parent === null || name === undefined || name === '__proto__') return
  ;(parent as Record<string, unknown>)[name] = value
}

function removeAt(root: unknown, path: readonly string[]): void {
  const parent = valueAt(root, path.slice(0, -1))
  const name = path.at(-1)
  if (typeof parent === 'object' && parent !== null && name !== undefined) {
    // In an array a hole would become null and stay in place, so that the other elements keep theirs.
    if (Array.isArray(parent)) parent[Number(name)] = null
    else delete (parent as Record<string, unknown>)[name]
  }
}
