import { CircleCheck, CircleX } from 'lucide-react'
import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Channel } from '../../../../src/wire/channel.ts'
import type { InboxTestResult } from '../../../../src/wire/inbox.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'
import { sayProblem, wordsOf } from '../../data/channel-words.ts'
import { sayFailure } from '../../data/refusal-words.ts'
import { useApi } from '../../data/services.ts'
import { defaultsOf, type FormField, formOf, isShown, shownValues } from '../../data/settings-form.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { MoreFields, SettingsFields } from './settings-fields.tsx'

type Values = Readonly<Record<string, unknown>>

interface InboxFormProps {
  channel: Channel
  /** Of an inbox that exists: secrets that read "•••" stay what they are. */
  id?: string
  initial: { name: string; settings: Values }
  action: string
  onSave: (name: string, settings: Values) => Promise<unknown>
}

/** Form on the left, the way to the credentials on the right: nobody has to look elsewhere. */
export function InboxForm({ channel, id, initial, action, onSave }: InboxFormProps) {
  const { t, i18n } = useTranslation()
  const [name, setName] = useState(initial.name)
  // What was never said holds as its default, also for what is asked for only then.
  const [settings, setSettings] = useState<Values>({ ...defaultsOf(channel.settingsSchema), ...initial.settings })
  const words = wordsOf(channel, i18n.language)
  const say = sayProblem(t, words)
  const form = useMemo(() => formOf(channel.settingsSchema, words?.fields), [channel, words])
  const paths = ['name', ...allPaths(form.main, settings), ...allPaths(form.more, settings)]
  const given = () => clean(shownValues([...form.main, ...form.more], settings))
  const submit = useSubmit(
    paths.flatMap((path) => [path, `settings.${path}`]),
    say,
  )
  const test = useTest(channel.id, id)
  const result =
    test.result &&
    (test.result.ok ? test.result : { ...test.result, message: sayFailure(t, test.result.failure, say(test.result)) })
  const problems = { ...submit.problems, ...(result?.field ? { [result.field]: result.message } : {}) }
  const place = useFirstProblem(problems)

  function save(event: FormEvent): void {
    event.preventDefault()
    void submit.run(() => onSave(name.trim(), given()))
  }

  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_260px]">
      <form ref={place} className="flex flex-col gap-4" onSubmit={save}>
        {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
        <TextField
          label={t('inbox.name')}
          help={t('inbox.nameHelp')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={200}
          error={problems['name']}
        />
        <SettingsFields fields={form.main} values={settings} problems={problems} onChange={setSettings} />
        <MoreFields fields={form.more} values={settings} problems={problems} onChange={setSettings} />
        <TestResult result={result} label={labelOf([...form.main, ...form.more], result?.field)} />
        <div className="flex gap-2">
          <Button look="primary" type="submit" busy={submit.busy}>
            {action}
          </Button>
          <Button busy={test.busy} onClick={() => void test.run(given())}>
            {t('inbox.test')}
          </Button>
        </div>
      </form>
      <Instructions channel={channel} />
    </div>
  )
}

function Instructions({ channel }: { channel: Channel }) {
  const { t, i18n } = useTranslation()
  const { instructions } = wordsOf(channel, i18n.language) ?? channel
  if (instructions.length === 0) return null
  return (
    <aside className="h-fit rounded-lg bg-ground p-4 text-sm" aria-label={t('inbox.steps')}>
      <h3 className="pb-2 font-semibold">{t('inbox.steps')}</h3>
      <ol className="flex list-decimal flex-col gap-2 pl-4 text-soft marker:text-faint">
        {instructions.map((step) => (
          <li key={step} className="[overflow-wrap:anywhere]">
            {step}
          </li>
        ))}
      </ol>
    </aside>
  )
}

/** What is wrong may be a screen away from the button that found it. */
function useFirstProblem(problems: Readonly<Record<string, string>>) {
  const form = useRef<HTMLFormElement>(null)
  const wrong = Object.keys(problems).join(' ')
  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [wrong])
  return form
}

function labelOf(fields: readonly FormField[], path: string | undefined): string | undefined {
  for (const field of fields) {
    if (field.path === path) return field.label
    const inside = field.kind === 'group' ? labelOf(field.fields, path) : undefined
    if (inside) return inside
  }
  return undefined
}

function TestResult({ result, label }: { result: InboxTestResult | null; label: string | undefined }) {
  const { t } = useTranslation()
  if (!result) return null
  return (
    <div role="status">
      <Notice tone={result.ok ? 'success' : 'danger'}>
        {result.ok ? <CircleCheck /> : <CircleX />}
        <span>{label ? t('form.at', { label, problem: result.message }) : result.message}</span>
      </Notice>
    </div>
  )
}

function useTest(channel: string, id: string | undefined) {
  const api = useApi()
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [result, setResult] = useState<InboxTestResult | null>(null)
  async function run(settings: Values): Promise<void> {
    setBusy(true)
    setResult(null)
    try {
      const answer = await api.send<InboxTestResult>('POST', '/inboxes/test', {
        channel,
        settings,
        ...(id ? { id } : {}),
      })
      setResult(answer.ok ? { ok: true, message: t('inbox.testOk') } : answer)
    } catch (error) {
      setResult({ ok: false, message: error instanceof Error ? error.message : t('error.offline') })
    }
    setBusy(false)
  }
  return { busy, result, run }
}

/** Of what is on screen: what belongs to no field there is said above the form. */
function allPaths(fields: readonly FormField[], values: Values): string[] {
  return fields
    .filter((field) => isShown(field, values))
    .flatMap((field) => (field.kind === 'group' ? [field.path, ...allPaths(field.fields, values)] : [field.path]))
}

/** Lines left empty while typing are no values. */
function clean(settings: Values): Values {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.flatMap((one) => (typeof one === 'string' ? one.trim() || [] : [one])) : value,
    ]),
  )
}
