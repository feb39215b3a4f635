import type { FastifyRequest } from 'fastify'
import { forbidden } from './http-error.ts'

/**
 * A browser names the page that asks, and no page can forge it: only ours may. Programs send no Origin.
 * Beside PUBLIC_URL the host that was asked counts as ours, so that localhost and 127.0.0.1 both work.
 */
export function isOwnOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const asked = new URL(origin)
  return asked.origin === new URL(publicUrl).origin || (host !== undefined && asked.host === host)
}

export function requireOwnOrigin(request: FastifyRequest, publicUrl: string): void {
  if (!isOwnOrigin(request, publicUrl)) throw forbidden('This request comes from another website.')
}
