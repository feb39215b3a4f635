import { readFileSync } from 'node:fs'
import { UsageError } from './command.ts'

type Settings = Record<string, unknown>

/** `key=text`, `key:=json`, `key=@file`; a dotted key reaches into an object. The file keeps secrets off the command line. */
export function settingsFrom(args: readonly string[]): Settings {
  const settings: Settings = {}
  for (const arg of args) {
    const [, path, json, value = ''] = /^([A-Za-z][\w.]*)(:?)=([\s\S]*)$/.exec(arg) ?? []
    if (path === undefined)
      throw new UsageError(`--setting is "${nameOf(arg)}"; it must be key=text, key:=json or key=@file.`)
    place(settings, path.split('.'), json ? parsed(path, value) : fromFile(path, value))
  }
  return settings
}

/** What follows may be a secret. */
const nameOf = (arg: string) => arg.split(/[=:]/)[0]

function parsed(path: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new UsageError(`--setting ${path}:= is followed by something that is not JSON.`)
  }
}

function fromFile(path: string, value: string): string {
  if (!value.startsWith('@')) return value
  try {
    return readFileSync(value.slice(1), 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new UsageError(`--setting ${path}: ${(error as Error).message}`)
  }
}

function place(settings: Settings, [first = '', ...rest]: string[], value: unknown): void {
  if (['__proto__', 'constructor', 'prototype'].includes(first))
    throw new UsageError(`--setting ${first} is no setting.`)
  if (rest.length === 0) {
    settings[first] = value
    return
  }
  const inner = settings[first] ?? {}
  if (typeof inner !== 'object') throw new UsageError(`--setting ${first} is given both as a value and with a dot.`)
  settings[first] = inner
  place(inner as Settings, rest, value)
}
