import { type ContactWords, contactWords } from '../../domain/contact-words.ts'
import { type FormAnswers, type FormField, labelOf, maxAnswer, type TopicForm } from '../../domain/form.ts'
import { esc, type Site, shell } from './layout.ts'

export type ContactProblem = keyof ContactWords['problems']

/** Of whoever writes, beside the answers. */
export interface ContactTyped {
  readonly name: string
  readonly email: string
  readonly message: string
  readonly answers: FormAnswers
}

export interface ContactForm {
  /** null: about nothing that has a form. */
  readonly form: TopicForm | null
  readonly mayChoose: boolean
  readonly token: string
  readonly typed: ContactTyped
  /** By the field's name. */
  readonly problems: Readonly<Record<string, ContactProblem>>
  readonly files: { readonly most: number; readonly bytes: number }
  readonly hadFiles: boolean
}

export const contactPath = (locale: string, rest = '') => `/help/${locale}/contact${rest}`

export function topicName(form: TopicForm, site: Site): string {
  return labelOf(form.names, site.locale, site.settings.defaultLocale) || form.topic
}

/** What to choose from first. */
export function topicsPage(site: Site, forms: readonly TopicForm[]): string {
  const words = contactWords(site.locale)
  const item = (id: string, name: string) =>
    `<li><a href="${esc(contactPath(site.locale, `?topic=${id}`))}">${esc(name)}</a></li>`
  const items = [...forms.map((form) => item(form.topicId, topicName(form, site))), item('other', words.otherTopic)]
  return contactShell(site, {
    canonical: true,
    content: `<p class="lead">${esc(words.lead)}</p><h2 id="about">${esc(words.topic)}</h2><ul class="plain topics" aria-labelledby="about">${items.join('')}</ul>`,
  })
}

export function formPage(site: Site, page: ContactForm): string {
  const words = contactWords(site.locale)
  const { form, typed, problems, token, files } = page
  const wrong = Object.keys(problems).length > 0
  const name = form ? topicName(form, site) : words.otherTopic
  const about = page.mayChoose
    ? `<p class="about"><b>${esc(name)}</b> <a href="${esc(contactPath(site.locale))}">${esc(words.changeTopic)}</a></p>`
    : ''
  const again = page.hadFiles ? ` ${esc(words.filesAgain)}` : ''
  const asked = form?.fields.map((field) => fieldHtml({ site, words, page, form }, field)) ?? []
  const box = (key: string, label: string, control: string, hint = '') =>
    line({ id: key, label, hint, problem: problems[key] && words.problems[problems[key]] }, control)
  const attributes = (key: string) => `id="${key}" name="${key}"${described(problems[key] !== undefined, key)}`
  const megabytes = Math.floor(files.bytes / 1_000_000)
  return contactShell(site, {
    canonical: false,
    content: `${wrong ? `<p class="wrong" role="alert">${esc(words.mend)}</p>` : ''}${about}
<form class="contact" method="post" enctype="multipart/form-data" action="${esc(contactPath(site.locale))}">
<input type="hidden" name="token" value="${esc(token)}"><input type="hidden" name="topic" value="${esc(form?.topicId ?? 'other')}">
<p class="trap" aria-hidden="true"><label>Website <input name="website" tabindex="-1" autocomplete="off"></label></p>
${asked.join('\n')}
${box('name', words.name, `<input ${attributes('name')} value="${esc(typed.name)}" maxlength="100" autocomplete="name">`, words.optional)}
${box('email', words.email, `<input ${attributes('email')} type="email" value="${esc(typed.email)}" maxlength="254" autocomplete="email" required>`, words.emailHint)}
${box('message', words.message, `<textarea ${attributes('message')} rows="7" maxlength="10000" required>${esc(typed.message)}</textarea>`)}
${box('files', words.files, `<input ${attributes('files')} type="file" multiple>`, `${words.filesHint(files.most, megabytes)}${again}`)}
<p class="quiet">${esc(words.neverSend)}</p>
<button>${esc(words.send)}</button>
</form>`,
  })
}

interface Line {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly problem: string | undefined
}

function line({ id, label, hint, problem }: Line, control: string): string {
  const small = hint === '' ? '' : `<small id="${id}-hint">${esc(hint)}</small>`
  const said = problem === undefined ? '' : `<p class="problem" id="${id}-problem">${esc(problem)}</p>`
  return `<div class="field"><label for="${id}">${esc(label)}</label>${small}${control}${said}</div>`
}

const described = (wrong: boolean, id: string) => (wrong ? ` aria-invalid="true" aria-describedby="${id}-problem"` : '')

interface Asking {
  readonly site: Site
  readonly words: ContactWords
  readonly page: ContactForm
  readonly form: TopicForm
}

function fieldHtml({ site, words, page, form }: Asking, field: FormField): string {
  const { locale, settings } = site
  const labelled = (labels: FormField['labels']) => labelOf(labels, locale, settings.defaultLocale)
  const id = `answer-${field.key}`
  const problem = page.problems[id]
  const hints = [field.hint ? labelled(field.hint) : '', field.required ? '' : words.optional].filter(Boolean)
  const value = Object.hasOwn(page.typed.answers, field.key) ? (page.typed.answers[field.key] ?? '') : ''
  // Without a script nobody knows yet whether it is asked.
  const required = field.required && !field.when ? ' required' : ''
  const attributes = `id="${id}" name="${id}"${required}${described(problem !== undefined, id)}`
  const control = controlHtml(field, { attributes, value, choose: words.choose, labelled })
  const said = problem === undefined ? undefined : words.problems[problem]
  const html = line({ id, label: labelled(field.labels), hint: hints.join(' · '), problem: said }, control)
  if (!field.when) return html
  const before = form.fields.find(({ key }) => key === field.when?.field)
  const values = field.when.is.map((one) => {
    const option = before?.options?.find((each) => each.value === one)
    return `“${option ? labelled(option.labels) : one}”`
  })
  const note = words.onlyIf(labelled(before?.labels ?? {}), values.join(' / '))
  return `<div class="hanging" data-on="answer-${esc(field.when.field)}" data-is="${esc(JSON.stringify(field.when.is))}"${field.required ? ' data-required' : ''}><p class="only">${esc(note)}</p>${html}</div>`
}

interface Control {
  readonly attributes: string
  readonly value: string
  readonly choose: string
  readonly labelled: (labels: FormField['labels']) => string
}

function controlHtml({ kind, options = [] }: FormField, { attributes, value, choose, labelled }: Control): string {
  if (kind === 'choice') {
    const items = options.map((option) => {
      const chosen = option.value === value ? ' selected' : ''
      return `<option value="${esc(option.value)}"${chosen}>${esc(labelled(option.labels))}</option>`
    })
    return `<select ${attributes}><option value="">${esc(choose)}</option>${items.join('')}</select>`
  }
  if (kind === 'text') return `<textarea ${attributes} rows="2" maxlength="${maxAnswer.text}">${esc(value)}</textarea>`
  const mode = kind === 'number' ? ' inputmode="decimal"' : ' spellcheck="false" autocapitalize="off"'
  return `<input ${attributes} value="${esc(value)}" maxlength="${kind === 'number' ? 60 : 300}" autocomplete="off"${mode}>`
}

export interface SentTicket {
  readonly number: string | null
  /** Where the answer goes; null: to the page of `progress`. */
  readonly address: string | null
  readonly progress: string | null
}

export function sentPage(site: Site, { number, address, progress }: SentTicket): string {
  const words = contactWords(site.locale)
  const way = address === null ? '' : `<p>${esc(words.sentByMail(address))}</p>`
  const link =
    progress === null
      ? ''
      : `<p>${esc(words.sentHere)}</p><p><a class="button" href="${esc(progress)}">${esc(words.follow)}</a></p>`
  const said = `<p class="lead" role="status">${esc(words.sent(number ?? '…'))}</p>`
  return contactShell(site, { canonical: false, content: `${said}${way}${link}` })
}

export function tooManyPage(site: Site): string {
  const { tooMany } = contactWords(site.locale)
  return contactShell(site, { canonical: false, content: `<p class="wrong" role="alert">${esc(tooMany)}</p>` })
}

function contactShell(site: Site, { canonical, content }: { readonly canonical: boolean; readonly content: string }) {
  const { title } = contactWords(site.locale)
  return shell(site, {
    title,
    description: '',
    canonical: canonical ? contactPath(site.locale) : null,
    alternates: site.locales.map((locale) => ({ locale, path: contactPath(locale) })),
    seekInTop: true,
    content: `<div class="list"><h1>${esc(title)}</h1>${content}</div>`,
  })
}
