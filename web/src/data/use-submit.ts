import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldProblem } from '../../../src/wire/error.ts'
import { ApiError, fieldProblems } from './api.ts'

export interface Submit {
  busy: boolean
  /** By field, as the server names them. */
  problems: Record<string, string>
  /** What belongs to no field. */
  problem: string | null
  run(work: () => Promise<unknown>): Promise<boolean>
  onSubmit(work: (form: FormData) => Promise<unknown>): (event: FormEvent<HTMLFormElement>) => void
}

/** One form's sending: busy while it runs, what the server objects to next to the field it names. */
export function useSubmit(fields: readonly string[] = [], say?: (problem: FieldProblem) => string): Submit {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const problems = fieldProblems(error, say)
  const known = Object.keys(problems).some((name) =>
    fields.some((field) => name === field || name.startsWith(`${field}.`)),
  )
  const text = error instanceof ApiError && error.status > 0 ? error.message : t('error.offline')

  async function run(work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true)
    setError(null)
    try {
      await work()
      return true
    } catch (caught) {
      setError(caught)
      return false
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    problems,
    problem: error !== null && !known ? text : null,
    run,
    onSubmit: (work) => (event) => {
      event.preventDefault()
      const form = event.currentTarget
      void run(() => work(new FormData(form))).then((done) => done && form.reset())
    },
  }
}
