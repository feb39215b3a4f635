import { useTranslation } from 'react-i18next'
import type { ListedArticle } from '../../../../src/wire/article.ts'
import { Badge, type Tone } from '../../components/badge.tsx'

const tones: Record<ListedArticle['texts'][number]['state'], Tone> = {
  published: 'success',
  draft: 'neutral',
  archived: 'neutral',
}

/** How it stands with an article in one language, in words. */
export function TextMarks({ text }: { text: Pick<ListedArticle['texts'][number], 'state' | 'changed' | 'outdated'> }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap gap-1.5">
      {text.outdated ? <Badge tone="warning">{t('articles.outdated')}</Badge> : null}
      {text.state === 'published' && text.changed ? <Badge tone="info">{t('articles.changed')}</Badge> : null}
      <Badge tone={tones[text.state]}>{t(`articles.${text.state}`)}</Badge>
    </span>
  )
}
