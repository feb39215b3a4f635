import type { z } from 'zod'
import { SettingsError, type SettingsFault } from './errors.ts'

type Issue = z.core.$ZodIssue

/** The first thing that is wrong, in the schema's own sentence and as a fault that any language has words for. */
export function settingsErrorOf(error: z.ZodError, input: unknown): SettingsError {
  const [issue] = error.issues
  if (!issue) return new SettingsError('', 'is not valid')
  if (issue.code === 'unrecognized_keys') {
    const field = [...issue.path, issue.keys[0] ?? ''].join('.')
    return new SettingsError(field, 'is not a setting of this channel', { code: 'unknown' })
  }
  return new SettingsError(issue.path.join('.'), issue.message, faultOf(issue, input))
}

/** A check of the schema's own speaks for itself. */
function faultOf(issue: Issue, input: unknown): SettingsFault | undefined {
  if (issue.code === 'custom') return undefined
  if (missing(issue.path, input)) return { code: 'required' }
  if (issue.code === 'too_small') {
    const limit = Number(issue.minimum)
    if (issue.origin === 'string') return limit <= 1 ? { code: 'required' } : { code: 'tooShort', limit }
    return { code: issue.origin === 'array' ? 'tooFew' : 'tooSmall', limit }
  }
  if (issue.code === 'too_big') {
    const limit = Number(issue.maximum)
    if (issue.origin === 'string') return { code: 'tooLong', limit }
    return { code: issue.origin === 'array' ? 'tooMany' : 'tooLarge', limit }
  }
  return { code: 'invalid' }
}

function missing(path: readonly PropertyKey[], input: unknown): boolean {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], input)
  return value === undefined || value === null
}
