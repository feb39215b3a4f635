import type { HttpServer, Loose } from './http-server.ts'

export interface ApiRoute {
  readonly method: string
  /** Below /api/v1, with `{id}` for parameters. */
  readonly path: string
  readonly scope: 'public' | 'session' | 'read' | 'write' | 'admin'
  /** JSON schema of the body; undefined: none, or multipart. */
  readonly body: Loose
  readonly summary: string
  readonly query: readonly { name: string; schema: Loose }[]
}

/** What the server says it answers: tests made from it cover routes that do not exist yet. */
export async function apiRoutes(server: Pick<HttpServer, 'call'>): Promise<ApiRoute[]> {
  const { body } = await server.call('GET //openapi.json')
  const routes = Object.entries<Loose>(body.paths).flatMap(([path, methods]) =>
    Object.entries<Loose>(methods).map(([method, route]) => ({
      method: method.toUpperCase(),
      path: path.replace('/api/v1', ''),
      scope: route['x-scope'],
      summary: String(route.summary),
      body: route.requestBody?.content?.['application/json']?.schema,
      query: (route.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'query'),
    })),
  )
  if (routes.length < 40) throw new Error(`only ${routes.length} routes are described`)
  return routes
}

export const nameOf = ({ method, path }: ApiRoute) => `${method} ${path}`

/** Dotted paths of the string fields of a body, where a test can put something else. */
export function stringFields(schema: Loose): string[] {
  return Object.entries<Loose>(schema?.properties ?? {})
    .filter(([, property]) => JSON.stringify(typesOf(property)).includes('string'))
    .map(([name]) => name)
}

function typesOf(property: Loose): unknown {
  return property.type ?? (property.anyOf ?? []).map((one: Loose) => one.type)
}

export function takesNull(schema: Loose, name: string): boolean {
  const property = schema.properties[name]
  return JSON.stringify(typesOf(property)).includes('null')
}
