import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ChannelError, SettingsError } from '../channel/errors.ts'
import { TooLarge } from '../files/blob-store.ts'
import { FileMissing } from '../files/files.ts'
import { isTransient } from '../store/database.ts'
import { badField, HttpError, notFound } from './http-error.ts'

/** Every failure becomes one of the documented answers; what is unknown says nothing but that it went wrong. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = toHttpError(error)
  if (answer.status >= 500) {
    const { url: route } = request.routeOptions
    request.log.error({ event: 'http.failed', route, method: request.method, err: loggable(error) })
  }
  if (answer.retryAfter !== undefined) reply.header('retry-after', String(answer.retryAfter))
  const { code, message, details } = answer
  const body = { error: { code, message, ...(details !== undefined && { details }) } }
  // Past the route's response schema, which only knows the good answers.
  return reply.code(answer.status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

export function toHttpError(error: FastifyError | Error): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof SettingsError) return badField(error.field, error.message, error.fault)
  if (error instanceof TooLarge) return new HttpError(413, 'tooLarge', error.message)
  if (error instanceof FileMissing) return notFound('This file')
  if (error instanceof ChannelError) return channelAnswer(error)
  if (hasZodFastifySchemaValidationErrors(error)) return validationAnswer(error as FastifyError)
  if (isTransient(error)) return unavailable()
  return databaseAnswer(error) ?? frameworkAnswer(error)
}

export function unavailable(): HttpError {
  return new HttpError(503, 'unavailable', 'The service cannot do this right now. Try again in a moment.', {
    retryAfter: 1,
  })
}

function channelAnswer(error: ChannelError): HttpError {
  const { failure } = error
  if (failure.kind === 'rejected') return new HttpError(422, 'rejected', error.message)
  if (failure.kind === 'rateLimited') {
    return new HttpError(429, 'rateLimited', error.message, { retryAfter: Math.ceil(failure.retryAfterMs / 1000) })
  }
  return unavailable()
}

function validationAnswer(error: FastifyError): HttpError {
  // An id in the path that no row can have is an unknown one.
  if (error.validationContext === 'params') return notFound()
  const details = (error.validation ?? []).map((problem) => ({
    field: problem.instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message: problem.message ?? 'is not valid',
  }))
  const [first] = details
  const message = first?.field ? `${first.field}: ${first.message}` : (first?.message ?? 'The request is not valid.')
  return new HttpError(400, 'badRequest', message, { details })
}

function databaseAnswer(error: Error): HttpError | undefined {
  const { code } = error as { code?: string }
  // NUL and other text that PostgreSQL cannot hold.
  if (code === '22021' || code === '22P05') {
    return new HttpError(400, 'badRequest', 'The text has a character that cannot be stored.')
  }
  // A row that this one refers to is gone, or never was.
  if (code === '23503') return new HttpError(422, 'unknownReference', 'Something this refers to does not exist.')
  if (code === '23505') return new HttpError(409, 'exists', 'This exists already.')
  return undefined
}

const frameworkCodes: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['badRequest', 'The request could not be read.'],
  404: ['notFound', 'There is nothing here.'],
  413: ['tooLarge', 'The request is too large.'],
  414: ['tooLarge', 'The address is too long.'],
  415: ['unsupportedMediaType', 'This kind of body is not accepted here. Send application/json.'],
}

function frameworkAnswer(error: Error): HttpError {
  const status = (error as { statusCode?: number }).statusCode ?? 500
  const known = frameworkCodes[status]
  if (known) return new HttpError(status, known[0], known[1])
  if (status >= 400 && status < 500) return new HttpError(400, 'badRequest', 'The request could not be read.')
  return new HttpError(500, 'internal', 'Something went wrong on our side. It was logged.')
}

// The driver's errors quote the row and its values (`detail`, `where`), which may be a customer's words.
function loggable(error: Error) {
  const { code } = error as { code?: string }
  const quotes = /^[0-9A-Z]{5}$/.test(code ?? '')
  return {
    type: error.name,
    code,
    message: quotes ? undefined : error.message,
    stack: error.stack
      ?.split('\n')
      .slice(quotes ? 1 : 0)
      .join('\n'),
  }
}
