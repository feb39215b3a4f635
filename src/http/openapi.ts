import type { FastifyInstance, RouteOptions } from 'fastify'

/** `/openapi.json`, made from the very schemas that validate, when somebody first asks for it. */
export function registerOpenApi(app: FastifyInstance, publicUrl: string): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    const hidden = (route.schema as { hide?: boolean } | undefined)?.hide === true
    if (!hidden && route.url.startsWith('/api/v1/')) routes.push({ ...route })
  })
  let document: Promise<unknown> | undefined
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    document ??= describe(routes, publicUrl)
    return reply.header('cache-control', 'no-cache').send(await document)
  })
}

// A second app that answers nothing: the generator costs 10 MB, and idle installations never need it.
async function describe(routes: readonly RouteOptions[], publicUrl: string): Promise<unknown> {
  const [{ fastify }, { default: swagger }, zod] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('fastify-type-provider-zod'),
  ])
  const app = fastify()
  app.setValidatorCompiler(zod.validatorCompiler)
  app.setSerializerCompiler(zod.serializerCompiler)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tributary', version: '1', description: 'Errors: {"error": {"code", "message", "details"?}}.' },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'tributary' },
        },
      },
    },
    transform: zod.jsonSchemaTransform,
  })
  for (const { method, url, schema, config } of routes) {
    if ([method].flat().includes('HEAD')) continue
    const open = config?.access === 'public'
    const security = open ? [] : [{ bearer: [] }, { session: [] }]
    const described = { ...schema, security, 'x-scope': config?.access }
    app.route({ method, url, schema: described as never, handler: () => undefined })
  }
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
