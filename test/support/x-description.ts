import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'

/** X's published description of its API. Its licence keeps it out of this repository: it lies beside it, or at X_OPENAPI. */
export const descriptionPath =
  process.env['X_OPENAPI'] ?? fileURLToPath(new URL('../../../shared/data/x-openapi.json', import.meta.url))

/** One call to X and what came back; `answer` is absent where a test made it go wrong on purpose. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly auth: 'oauth1' | 'oauth2' | 'app'
  readonly status: number
  readonly answer?: unknown
}

type Json = Readonly<Record<string, unknown>>
interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path'
  readonly required?: boolean
  readonly schema: Json
}
interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Json }
  readonly responses: Readonly<Record<string, { readonly content?: Json }>>
  readonly security?: readonly Json[]
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>>; readonly schemas: Json }
}

export interface Description {
  /** What the description has against this call or its answer. */
  objections(exchange: Exchange): string[]
  /** The same for an event of the Activity API. Of direct messages it describes the envelope only. */
  toldObjections(type: string, body: unknown): string[]
}

const schemeOf = { oauth1: 'UserToken', oauth2: 'OAuth2UserToken', app: 'BearerToken' } as const
const ours = 'x.json'

export function readDescription(path = descriptionPath): Description | null {
  if (!existsSync(path)) return null
  const document = JSON.parse(readFileSync(path, 'utf8')) as Document
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, validateSchema: false })
  ajv.addSchema(closed({ components: document.components }) as Json, ours)
  const compiled = new Map<string, ValidateFunction>()
  const check = (where: string, schema: Json, value: unknown): string[] => {
    const text = JSON.stringify(closed(schema)).replaceAll('"#/components', `"${ours}#/components`)
    const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Json)
    compiled.set(text, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${where}${instancePath}: ${message} ${JSON.stringify(params)}`,
    )
  }
  return {
    objections: (exchange) => {
      const found = operationOf(document, exchange)
      if (!found) return [`${exchange.method} ${exchange.path}: X has no such call`]
      const problems = [
        ...signedFor(found, exchange),
        ...queryProblems(document, found, exchange, check),
        ...bodyProblems(found, exchange, check),
        ...answerProblems(found, exchange, check),
      ]
      return problems.map((problem) => `${exchange.method} ${exchange.path}: ${problem}`)
    },
    toldObjections: (type, body) => {
      const { data, ...rest } = body as { data: Json }
      const told = type.startsWith('post.') ? body : { ...rest, data: { ...data, payload: { id: '1', text: '' } } }
      return check(type, { $ref: '#/components/schemas/ActivityStreamResponse' }, told)
    },
  }
}

type Check = (where: string, schema: Json, value: unknown) => string[]

/** Objects hold what is described and nothing else: it leaves them open, and so would find no misspelt name. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, held]) => [name, closed(held)]))
  return 'properties' in inner && inner['type'] === 'object' ? { additionalProperties: false, ...inner } : inner
}

function operationOf({ paths }: Document, { method, path }: Exchange): Operation | undefined {
  const asked = path.split('/')
  const fits = (template: string) => {
    const parts = template.split('/')
    return parts.length === asked.length && parts.every((part, at) => part.startsWith('{') || part === asked[at])
  }
  // `/2/media/upload/initialize` before `/2/media/upload/{id}`.
  const [first] = Object.keys(paths)
    .filter((template) => fits(template) && paths[template]?.[method.toLowerCase()])
    .sort((a, b) => a.split('{').length - b.split('{').length)
  return first === undefined ? undefined : paths[first]?.[method.toLowerCase()]
}

function signedFor({ security = [] }: Operation, { auth }: Exchange): string[] {
  const known = security.some((one) => schemeOf[auth] in one)
  return known ? [] : [`is not called with ${schemeOf[auth]}`]
}

function queryProblems(
  document: Document,
  { parameters = [] }: Operation,
  { query }: Exchange,
  check: Check,
): string[] {
  const known = parameters
    .map((one) => ('$ref' in one ? document.components.parameters[one.$ref.split('/').at(-1) ?? ''] : one))
    .filter((one) => one?.in === 'query') as Parameter[]
  const missing = known.filter(({ name, required }) => required && !(name in query)).map(({ name }) => `lacks ${name}`)
  const wrong = Object.entries(query).flatMap(([name, text]) => {
    const parameter = known.find((one) => one.name === name)
    return parameter ? check(`?${name}`, parameter.schema, typed(parameter.schema, text)) : [`does not know ?${name}`]
  })
  return [...missing, ...wrong]
}

function typed({ type }: Json, text: string): unknown {
  if (type === 'array') return text.split(',')
  return type === 'integer' ? Number(text) : text
}

function bodyProblems({ requestBody }: Operation, { body }: Exchange, check: Check): string[] {
  const sent = body instanceof FormData ? formOf(body) : body
  const isEmpty = typeof sent === 'object' && sent !== null && Object.keys(sent).length === 0
  if (!requestBody) return isEmpty ? [] : ['takes no body']
  const kind = body instanceof FormData ? 'multipart/form-data' : 'application/json'
  const { schema } = (requestBody.content[kind] ?? {}) as { schema?: Json }
  return schema ? check('body', schema, sent) : [`takes no ${kind}`]
}

function formOf(form: FormData): Json {
  const text = (value: unknown) => (typeof value === 'string' ? value : 'bytes')
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, /_index$/.test(name) ? Number(value) : text(value)]),
  )
}

function answerProblems({ responses }: Operation, { status, answer }: Exchange, check: Check): string[] {
  if (answer === undefined) return []
  if (status >= 400) return refusalProblems(answer)
  const { schema } = (responses[String(status)]?.content?.['application/json'] ?? {}) as { schema?: Json }
  return schema ? check('answer', schema, answer) : [`does not answer ${status}`]
}

/** Refusals carry kinds that the description does not list (`about:blank`), so only their frame is looked at. */
function refusalProblems(answer: unknown): string[] {
  const { title, detail, type } = (answer ?? {}) as Json
  const framed = [title, detail, type].every((one) => typeof one === 'string')
  return framed ? [] : ['is not refused with title, detail and type']
}
