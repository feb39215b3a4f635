import { useTranslation } from 'react-i18next'
import type { ArticleVersion } from '../../../../src/wire/article.ts'
import { cx } from '../../components/cx.ts'
import { type DiffLine, lineDiff } from '../../data/line-diff.ts'

export function wordsOf({ title, summary, body }: Pick<ArticleVersion, 'title' | 'summary' | 'body'>): string {
  return [title, summary, body].filter((part) => part !== '').join('\n\n')
}

/** Unchanged lines shown around a change. */
const around = 2

const looks = {
  same: { sign: ' ', look: 'text-soft' },
  gone: { sign: '−', look: 'bg-danger-soft text-danger' },
  new: { sign: '+', look: 'bg-success-soft text-success' },
} as const

/** Line by line, with a sign and a word for each and not by colour alone. */
export function TextChanges({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation()
  const lines = before === '' ? lineDiff('', after).filter((line) => line.kind === 'new') : lineDiff(before, after)
  const near = nearChange(lines)
  const numbered = lines.map((line, place) => ({ ...line, place }))
  return (
    <div className="overflow-x-auto rounded border border-line py-1 font-mono text-xs leading-relaxed">
      {numbered.map(({ place, ...line }) => {
        if (!near.has(place)) return near.has(place - 1) ? <Gap key={place} /> : null
        const { sign, look } = looks[line.kind]
        return (
          <div key={place} className={cx('flex gap-2 px-3', look)}>
            <span aria-hidden="true" className="w-3 shrink-0 select-none">
              {sign}
            </span>
            {line.kind === 'same' ? null : (
              <span className="sr-only">{t(line.kind === 'gone' ? 'articles.lineGone' : 'articles.lineNew')}</span>
            )}
            <span className="min-w-0 break-words whitespace-pre-wrap">{line.text || ' '}</span>
          </div>
        )
      })}
      {near.size === 0 ? <p className="px-3 py-1 text-soft">{t('articles.noChanges')}</p> : null}
    </div>
  )
}

function Gap() {
  return (
    <div aria-hidden="true" className="px-3 text-faint">
      ⋯
    </div>
  )
}

function nearChange(lines: readonly DiffLine[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [place, { kind }] of lines.entries()) {
    if (kind === 'same') continue
    for (let near = place - around; near <= place + around; near += 1) {
      if (near >= 0 && near < lines.length) found.add(near)
    }
  }
  return found
}
