/** The part of JSON Schema (2020-12) that settings of channels use. */
export interface Schema {
  type?: string | readonly string[]
  title?: string
  description?: string
  default?: unknown
  enum?: readonly unknown[]
  const?: unknown
  format?: string
  secret?: boolean
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  minimum?: number
  maximum?: number
  /** Several lines of text. */
  multiline?: boolean
  /** Folded away below the form. */
  rare?: boolean
  /** What people read of each of the `enum`. */
  options?: Readonly<Record<string, string>>
  /** Only where these other settings have these values: { receive: 'imap' }. */
  shownWhen?: Readonly<Record<string, unknown>>
  /** The id of another inbox: one that exchanges letters. */
  inboxes?: 'letters'
}

export type FormField = {
  /** Dotted, as errors name it. */
  path: string
  label: string
  help?: string
  required: boolean
  rare: boolean
  /** What holds where nothing is given. */
  initial?: unknown
  shownWhen?: Readonly<Record<string, unknown>>
} & (
  | { kind: 'text'; secret: boolean; multiline: boolean; input: TextInput }
  | { kind: 'number'; min?: number; max?: number }
  | { kind: 'check' }
  | { kind: 'choice'; options: readonly { value: string; label: string }[] }
  | { kind: 'lines' }
  /** One of our inboxes that writes letters. */
  | { kind: 'inbox' }
  | { kind: 'group'; fields: readonly FormField[] }
  /** What no control fits: edited as JSON. */
  | { kind: 'json' }
)

type TextInput = 'text' | 'email' | 'url' | 'password'

/** What every inbox has and few ever change; folded away below the form, as what says so of itself. */
const later = new Set(['from', 'reopenHours', 'privacyUrl', 'retentionDays', 'learn'])

/** Titles and help in another language, by path; what is missing stays the schema's. */
interface FieldWords {
  title: string
  description?: string | undefined
  options?: Readonly<Record<string, string>> | undefined
}
export type FormWords = Readonly<Record<string, FieldWords>>

export function formOf(schema: Schema, said: FormWords = {}): { main: FormField[]; more: FormField[] } {
  const fields = fieldsOf(schema, '', said)
  return {
    main: fields.filter((field) => !field.rare),
    more: fields.filter((field) => field.rare),
  }
}

function fieldsOf(schema: Schema, prefix: string, said: FormWords): FormField[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const path = prefix ? `${prefix}.${name}` : name
    return fieldOf(property, path, required.has(name) && property.default === undefined, said)
  })
}

function fieldOf(given: Schema, path: string, required: boolean, said: FormWords): FormField {
  const schema = plain(given)
  const name = path.split('.').at(-1) ?? path
  const help = said[path]?.description ?? schema.description ?? given.description
  const shownWhen = given.shownWhen ?? schema.shownWhen
  const base = {
    path,
    // What is only asked for in a certain case is needed then; the server says so where it is not.
    required: required || shownWhen !== undefined,
    rare: !required && (later.has(path) || (given.rare ?? schema.rare ?? false)),
    ...(schema.default === undefined ? {} : { initial: schema.default }),
    ...(shownWhen ? { shownWhen } : {}),
    label: said[path]?.title ?? schema.title ?? given.title ?? words(name),
    ...(help ? { help } : {}),
  }
  if (given.inboxes ?? schema.inboxes) return { ...base, kind: 'inbox' }
  const options = choices(schema)
  if (options) {
    const label = (value: string) => said[path]?.options?.[value] ?? schema.options?.[value] ?? words(value)
    return { ...base, kind: 'choice', options: options.map((value) => ({ value, label: label(value) })) }
  }
  switch (schema.type) {
    case 'string':
      return { ...base, kind: 'text', ...textInput(schema, given) }
    case 'number':
    case 'integer':
      return { ...base, kind: 'number', ...range(schema) }
    case 'boolean':
      return { ...base, kind: 'check' }
    case 'object':
      return schema.properties
        ? { ...base, kind: 'group', fields: fieldsOf(schema, path, said) }
        : { ...base, kind: 'json' }
    case 'array':
      return plain(schema.items ?? {}).type === 'string' ? { ...base, kind: 'lines' } : { ...base, kind: 'json' }
    default:
      return { ...base, kind: 'json' }
  }
}

/** `T | null` and `"now" | date` become the one control that can hold both. */
function plain(schema: Schema): Schema {
  const parts = (schema.anyOf ?? schema.oneOf)?.filter((part) => part.type !== 'null')
  if (!parts || parts.length === 0) return schema
  if (parts.length === 1) return { ...parts[0], ...withoutUnion(schema) }
  if (parts.every((part) => part.type === 'string')) {
    return choices({ ...schema, anyOf: parts }) ? schema : { ...withoutUnion(schema), type: 'string' }
  }
  return schema
}

function withoutUnion(schema: Schema): Schema {
  const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema
  return rest
}

function choices(schema: Schema): string[] | null {
  if (schema.enum) return schema.enum.map(String)
  const parts = schema.anyOf ?? schema.oneOf
  return parts?.every((part) => typeof part.const === 'string') ? parts.map((part) => String(part.const)) : null
}

const inputs: Readonly<Record<string, 'email' | 'url'>> = { email: 'email', uri: 'url' }

function textInput(schema: Schema, given: Schema): { secret: boolean; multiline: boolean; input: TextInput } {
  const secret = schema.secret === true || given.secret === true
  const input = secret ? 'password' : (inputs[schema.format ?? ''] ?? 'text')
  return { secret, input, multiline: schema.multiline === true || given.multiline === true }
}

function range(schema: Schema): { min?: number; max?: number } {
  const real = (n: number | undefined): n is number => n !== undefined && Math.abs(n) < Number.MAX_SAFE_INTEGER
  return {
    ...(real(schema.minimum) ? { min: schema.minimum } : {}),
    ...(real(schema.maximum) ? { max: schema.maximum } : {}),
  }
}

/** "reopenHours" -> "Reopen hours". */
export function words(name: string): string {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

type Values = Readonly<Record<string, unknown>>

export function valueAt(values: Values, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Values | undefined)?.[name], values)
}

/** `undefined` takes the field out, so that the channel's default holds. */
export function withValue(values: Values, path: string, value: unknown): Values {
  const [name = '', ...rest] = path.split('.')
  const next = { ...values }
  if (rest.length) {
    const inside = withValue((values[name] ?? {}) as Values, rest.join('.'), value)
    // A group whose last field was emptied is not given at all.
    if (Object.keys(inside).length > 0) next[name] = inside
    else delete next[name]
  } else if (value === undefined) delete next[name]
  else next[name] = value
  return next
}

export function defaultsOf(schema: Schema): Values {
  let values: Values = {}
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default !== undefined) values = withValue(values, name, property.default)
  }
  return values
}

export function isShown({ shownWhen = {} }: Pick<FormField, 'shownWhen'>, values: Values): boolean {
  return Object.entries(shownWhen).every(([path, wanted]) => valueAt(values, path) === wanted)
}

/** Without what is not asked for: half a form for another case must not stop this one from being saved. */
export function shownValues(fields: readonly FormField[], values: Values): Values {
  const hidden = fields.filter((field) => !isShown(field, values))
  return hidden.reduce((left, field) => withValue(left, field.path, undefined), values)
}

/** Servers name `origins.0` or `settings.origins.0`; the control is that of `origins`. */
export function problemAt(problems: Readonly<Record<string, string>>, path: string): string | undefined {
  const found = Object.keys(problems).find((field) => {
    const own = field.replace(/^settings\./, '')
    return own === path || new RegExp(`^${path}\\.\\d+(\\.|$)`).test(own)
  })
  return found === undefined ? undefined : problems[found]
}
