import type {} from '@fastify/cookie'
import type { FastifyReply } from 'fastify'

const THIRTY_DAYS_S = 30 * 86_400

/** `__Host-` binds the cookie to this very host and to https; browsers refuse it over http. */
export function cookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-tributary' : 'tributary'
}

export function setSessionCookie(reply: FastifyReply, publicUrl: string, secret: string): void {
  reply.setCookie(cookieName(publicUrl), secret, { ...options(publicUrl), maxAge: THIRTY_DAYS_S })
}

export function clearSessionCookie(reply: FastifyReply, publicUrl: string): void {
  reply.clearCookie(cookieName(publicUrl), options(publicUrl))
}

function options(publicUrl: string) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl) } as const
}

export function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:')
}
