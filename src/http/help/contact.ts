import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { contactWords } from '../../domain/contact-words.ts'
import type { TopicForm } from '../../domain/form.ts'
import { isSecret } from '../../domain/form-secret.ts'
import { takeAnswers } from '../../domain/form-taken.ts'
import { shownForms } from '../../store/form.ts'
import { countAsk } from '../../store/visitor-address.ts'
import type { HttpDeps } from '../deps.ts'
import { HttpError } from '../http-error.ts'
import { requireOwnOrigin } from '../same-origin.ts'
import { mailboxKey } from '../visitor-email.ts'
import { createVisitorLimiter, usualLimits } from '../visitor-limits.ts'
import { type ContactBody, readContactBody } from './contact-body.ts'
import { type ContactDoor, contactDoor } from './contact-door.ts'
import {
  type ContactProblem,
  type ContactTyped,
  formPage,
  sentPage,
  tooManyPage,
  topicName,
  topicsPage,
} from './contact-page.ts'
import { ticketFor } from './contact-ticket.ts'
import { helpPolicy } from './layout.ts'
import { type OpenSite, openSite } from './site.ts'

const hide = { schema: { hide: true } } as const
/** Tickets in a day: nobody may use us to fill a stranger's mailbox with the answers, or an inbox. */
const mostTickets = { address: 5, inbox: 1_000 }
const email = z.email().max(254)
const nothing: ContactTyped = { name: '', email: '', message: '', answers: {} }

/** The form of the help centre. It works without scripts and without a cookie. */
export function registerContact(app: FastifyInstance, deps: HttpDeps): void {
  const limit = createVisitorLimiter(deps.visitorLimits ?? usualLimits)
  app.get('/help/:locale/contact', hide, async (request, reply) => {
    const { site, door, forms } = await openContact(deps, request)
    const { topic } = request.query as { topic?: unknown }
    if (topic === undefined && forms.length > 0) return send(reply, topicsPage(site, forms))
    const form = formOf(forms, topic)
    const page = { form, door, forms, token: randomBytes(16).toString('base64url') }
    return send(reply, formPage(site, { ...shownOf(page), typed: nothing, problems: {}, hadFiles: false }))
  })
  app.post('/help/:locale/contact', hide, async (request, reply) => {
    requireOwnOrigin(request, deps.publicUrl)
    const opened = await openContact(deps, request)
    limit('file', { inboxId: 'contact', ip: request.ip })
    if (!request.isMultipart())
      throw new HttpError(415, 'unsupportedMediaType', 'Send this form as multipart/form-data.')
    const body = await readContactBody(request, deps.files, opened.door.limits)
    return take(deps, reply, opened, body)
  })
}

interface Opened {
  readonly site: OpenSite
  readonly door: ContactDoor
  readonly forms: readonly TopicForm[]
}

async function openContact(deps: HttpDeps, request: FastifyRequest): Promise<Opened> {
  const { locale } = request.params as { locale: string }
  const site = await openSite(deps, locale)
  const door = site && (await contactDoor(deps, site.settings.contactInboxId))
  if (!site || !door) throw new HttpError(404, 'notFound', 'There is nothing here.')
  return { site, door, forms: await shownForms(deps.db.pool) }
}

const formOf = (forms: readonly TopicForm[], topic: unknown) => forms.find((one) => one.topicId === topic) ?? null

function shownOf(page: { form: TopicForm | null; door: ContactDoor; forms: readonly TopicForm[]; token: string }) {
  return { form: page.form, mayChoose: page.forms.length > 0, token: page.token, files: page.door.limits }
}

async function take(deps: HttpDeps, reply: FastifyReply, { site, door, forms }: Opened, body: ContactBody) {
  const { fields } = body
  // Only programs fill in what nobody sees; they learn nothing from the answer.
  if ((fields['website'] ?? '') !== '')
    return send(reply, sentPage(site, { number: null, address: null, progress: null }))
  const form = formOf(forms, fields['topic'])
  const typed = typedOf(fields)
  const { problems, answers } = checked(form, typed, body)
  const token = fields['token'] ?? ''
  if (Object.keys(problems).length > 0 || !/^[\w-]{22}$/.test(token)) {
    const page = shownOf({
      form,
      door,
      forms,
      token: /^[\w-]{22}$/.test(token) ? token : randomBytes(16).toString('base64url'),
    })
    reply.code(422)
    return send(reply, formPage(site, { ...page, typed, problems, hadFiles: body.files.length > 0 || body.tooMuch }))
  }
  const ticket = await ticketFor(deps, {
    door,
    ident: body.digest,
    locale: site.locale,
    writer: { name: typed.name, address: typed.email },
    text: typed.message,
    subject: form ? topicName(form, site) : contactWords(site.locale).title,
    files: body.files,
    form: form ? { topicId: form.topicId, answers, language: site.locale } : undefined,
    admit: () => within(deps, door, typed.email),
  })
  return ticket ? send(reply, sentPage(site, ticket)) : send(reply.code(429), tooManyPage(site))
}

function typedOf(fields: ContactBody['fields']): ContactTyped {
  const text = (name: string, most: number) => (fields[name] ?? '').trim().slice(0, most)
  const answers = Object.entries(fields).flatMap(([name, value]) =>
    name.startsWith('answer-') ? [[name.slice('answer-'.length), value] as const] : [],
  )
  return {
    name: text('name', 100).replace(/\s+/g, ' '),
    email: text('email', 300),
    message: text('message', 10_001),
    answers: Object.fromEntries(answers),
  }
}

function checked(form: TopicForm | null, typed: ContactTyped, { tooMuch }: ContactBody) {
  const taken = form ? takeAnswers(form, typed.answers) : { answers: {}, problems: {} }
  const problems: Record<string, ContactProblem> = {}
  for (const [key, problem] of Object.entries(taken.problems)) problems[`answer-${key}`] = problem
  if (!email.safeParse(typed.email).success) problems['email'] = 'email'
  if (typed.message === '') problems['message'] = 'required'
  else if (typed.message.length > 10_000) problems['message'] = 'tooLong'
  else if (isSecret(typed.message)) problems['message'] = 'secret'
  if (isSecret(typed.name)) problems['name'] = 'secret'
  if (tooMuch) problems['files'] = 'file'
  return { problems, answers: taken.answers }
}

async function within({ db: { pool } }: HttpDeps, door: ContactDoor, address: string): Promise<boolean> {
  return (
    (await countAsk(pool, `contact address ${mailboxKey(address.toLowerCase())}`, mostTickets.address)) &&
    (await countAsk(pool, `contact inbox ${door.inboxId}`, mostTickets.inbox))
  )
}

function send(reply: FastifyReply, page: string) {
  return reply
    .headers({ 'content-security-policy': helpPolicy, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
    .type('text/html; charset=utf-8')
    .send(page)
}
