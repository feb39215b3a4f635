import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { id, limit } from '../wire/primitive.ts'

/** An app whose schemas are zod's. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export const idParams = z.strictObject({ id })
export const noContent = { 204: z.undefined().describe('Done') }
export const idQuery = z.strictObject({ next: z.string().max(500).optional(), limit: limit.optional() })
