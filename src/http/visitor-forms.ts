import { type FormAnswers, labelOf, maxAnswer, spokenAnswer, type TopicForm } from '../domain/form.ts'
import { takeAnswers } from '../domain/form-taken.ts'
import { formWords } from '../domain/form-words.ts'
import { formOfTopic, shownForms } from '../store/form.ts'
import { readHelpSettings } from '../store/help-setting.ts'
import { visitorMessageAnswer } from '../wire/visitor.ts'
import { type VisitorForm, visitorFormBody, visitorFormQuery, visitorForms } from '../wire/visitor-form.ts'
import type { Api } from './api.ts'
import { HttpError, notFound } from './http-error.ts'
import { refsOf, visitedOf, visitorOf } from './visitor-door.ts'
import { checkLimits, commitMessage, ownFiles } from './visitor-messages.ts'
import type { VisitorDeps } from './widget.ts'

/** What customers are asked about a matter, whole: a page shows it, and one message brings it. */
export function registerVisitorForms(app: Api, deps: VisitorDeps): void {
  app.get(
    '/forms',
    { schema: { querystring: visitorFormQuery, response: { 200: visitorForms } } },
    async (request, reply) => {
      deps.limit('look', { inboxId: visitedOf(request).open.inboxId, ip: request.ip })
      reply.header('cache-control', 'no-store')
      const { defaultLocale } = await readHelpSettings(deps.db.pool)
      const forms = await shownForms(deps.db.pool)
      return { items: forms.map((form) => formView(form, request.query.locale, defaultLocale)) }
    },
  )
  app.post(
    '/form',
    { schema: { body: visitorFormBody, response: { 200: visitorMessageAnswer, 201: visitorMessageAnswer } } },
    async (request, reply) => {
      const visited = visitedOf(request)
      const visitor = await visitorOf(deps, request)
      deps.limit('message', { inboxId: visited.open.inboxId, ip: request.ip, visitorId: visitor.id })
      const { clientId, topicId, answers, text, language = 'en', attachments = [] } = request.body
      const form = await formOfTopic(deps.db.pool, topicId)
      if (!form?.shown) throw notFound('This form')
      const kept = checkedAnswers(form, answers, language)
      const { defaultLocale } = await readHelpSettings(deps.db.pool)
      const whole = [text.trim(), spokenForm(form, kept, language, defaultLocale)].filter(Boolean).join('\n\n')
      checkLimits(visited, whole, attachments)
      const message = visited.door.message({
        visitor: refsOf(visitor)[0],
        clientId: clientId.toLowerCase(),
        text: whole,
        attachments: await ownFiles(deps, visitor, attachments),
        at: deps.clock(),
        language,
      })
      return commitMessage(deps, reply, {
        visited,
        visitor,
        message: { ...message, form: { topicId, answers: kept, language } },
      })
    },
  )
}

function formView({ topicId, topic, names, fields }: TopicForm, locale: string, fallback: string): VisitorForm {
  const said = (labels: Readonly<Record<string, string>>) => labelOf(labels, locale, fallback)
  return {
    topicId,
    name: said(names) || topic,
    fields: fields.map(({ key, kind, labels, hint, required, when, options }) => ({
      key,
      kind,
      label: said(labels) || key,
      required,
      max: kind === 'text' ? maxAnswer.text : maxAnswer.other,
      ...(hint && said(hint) && { hint: said(hint) }),
      ...(when && { when: { field: when.field, is: [...when.is] } }),
      ...(options && { options: options.map(({ value, labels: of }) => ({ value, label: said(of) || value })) }),
    })),
  }
}

/** All that is wrong is told at once, in their language. */
function checkedAnswers(form: TopicForm, given: FormAnswers, language: string): Readonly<Record<string, string>> {
  const { answers, problems } = takeAnswers(form, given)
  const words = formWords(language.split('-')[0] ?? language).problems
  const wrong = Object.entries(problems).map(([field, code]) => ({ field, code, message: words[code] }))
  if (wrong.length === 0) return answers
  throw new HttpError(422, 'badAnswers', 'Some answers cannot be taken as they are.', { details: wrong })
}

/** What people read of it in the conversation; the answers themselves stand beside it. */
function spokenForm(form: TopicForm, kept: FormAnswers, language: string, fallback: string): string {
  const lines = form.fields.flatMap((field) => {
    const value = kept[field.key]
    return value
      ? [`${labelOf(field.labels, language, fallback)}: ${spokenAnswer(field, value, language, fallback)}`]
      : []
  })
  return [labelOf(form.names, language, fallback) || form.topic, ...lines].join('\n')
}
