import type { FastifyInstance } from 'fastify'

export interface KnownPaths {
  /** Methods this path answers to. */
  methodsOf(path: string): readonly string[]
}

/** Remembers every route, so that a known path with another method answers 405 and not 404. Call before any route. */
export function rememberPaths(app: FastifyInstance): KnownPaths {
  const paths = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const name of [method].flat()) known.methods.add(name)
    paths.set(url, known)
  })
  return {
    methodsOf: (path) => [
      ...new Set([...paths.values()].filter((p) => p.pattern.test(path)).flatMap((p) => [...p.methods])),
    ],
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((step) => (step.startsWith(':') ? '[^/]+' : step.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${source}/?$`)
}
