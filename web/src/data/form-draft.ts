import type { TopicForm, TopicFormBody } from '../../../src/wire/form.ts'

export type Field = TopicFormBody['fields'][number]
export type Option = NonNullable<Field['options']>[number]

/** `uid`: so that a row keeps its place on the screen while its key is typed. */
export interface FieldDraft {
  readonly uid: string
  readonly value: Field
}
export interface FormDraft {
  readonly shown: boolean
  readonly position: number
  readonly names: Record<string, string>
  readonly fields: readonly FieldDraft[]
}

export function formDraftOf(form: TopicForm | null): FormDraft {
  const { shown = true, position = 0, names = {}, fields = [] } = form ?? {}
  return { shown, position, names, fields: fields.map((value) => ({ uid: crypto.randomUUID(), value })) }
}

export function newField(fields: readonly FieldDraft[]): FieldDraft {
  const taken = new Set(fields.map(({ value }) => value.key))
  let n = fields.length + 1
  while (taken.has(`field-${n}`)) n++
  return { uid: crypto.randomUUID(), value: { key: `field-${n}`, kind: 'text', labels: {}, required: false } }
}

export function formBodyOf({ shown, position, names, fields }: FormDraft): TopicFormBody {
  return { shown, position, names: written(names), fields: fields.map(({ value }) => fieldBody(value)) }
}

function fieldBody({ hint, options, labels, ...field }: Field): Field {
  const said = written(hint ?? {})
  return {
    ...field,
    labels: written(labels),
    ...(Object.keys(said).length > 0 && { hint: said }),
    ...(options && { options: options.map((one) => ({ ...one, labels: written(one.labels) })) }),
  }
}

function written(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text.trim() !== ''))
}

/** What belongs to the old kind alone goes. */
export function withKind({ options: _options, format: _format, ...field }: Field, kind: Field['kind']): Field {
  return { ...field, kind, ...(kind === 'choice' && { options: [newOption([])] }) }
}

export function newOption(options: readonly Option[]): Option {
  const taken = new Set(options.map(({ value }) => value))
  let n = options.length + 1
  while (taken.has(`option-${n}`)) n++
  return { value: `option-${n}`, labels: {} }
}

export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  if (to < 0 || to >= items.length) return [...items]
  const left = items.filter((_, at) => at !== from)
  const item = items[from]
  return item === undefined ? left : [...left.slice(0, to), item, ...left.slice(to)]
}

/** 'Account number' becomes 'account-number', as long as nobody chose another name. */
export function keyFrom(label: string, old: string): string {
  const made = label
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return /^(field|option)-\d+$/.test(old) && made !== '' ? made : old
}
