import { type Detect, needsDetecting, type SpokenHere } from '../domain/text-language.ts'
import type { Queryable } from '../store/database.ts'
import { spokenLanguages } from '../store/spoken-languages.ts'

export interface Languages {
  /** As of the last refresh. Never waits: who routes has others waiting. */
  now(): SpokenHere
  refresh(): Promise<void>
}

/** The languages of this desk. What tells apart those of one script takes 50 MB: it is loaded where there are such, and nowhere else. */
export function createLanguages(q: Queryable): Languages {
  let spoken: SpokenHere = { languages: ['en'], detect: null }
  return {
    now: () => spoken,
    async refresh() {
      const languages = await spokenLanguages(q)
      const detect = needsDetecting(languages) ? (spoken.detect ?? (await load())) : null
      spoken = { languages, detect }
    },
  }
}

async function load(): Promise<Detect> {
  const { detectAll } = await import('tinyld')
  return (text, among) => detectAll(text, { only: [...among] })
}
