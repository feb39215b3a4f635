import { useQueryClient } from '@tanstack/react-query'
import { FolderOpen } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ArticleImport } from '../../../../src/wire/article-folder.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { cx } from '../../components/cx.ts'
import { Dialog } from '../../components/dialog.tsx'
import { CheckField } from '../../components/field.tsx'
import { chosenFolder, droppedFolder, type FolderFile, sendFolder } from '../../data/article-folder.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ImportedTexts } from './imported-texts.tsx'

interface ImportDialogProps {
  open: boolean
  onClose: () => void
}

export function ImportDialog({ open, onClose }: ImportDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('articles.import.title')} width="max-w-2xl">
      <FolderImport />
    </Dialog>
  )
}

interface Looked {
  readonly files: readonly FolderFile[]
  readonly found: ArticleImport
}

/** A folder is looked at first; nothing changes before somebody has read what would. */
function FolderImport() {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const submit = useSubmit()
  const [looked, setLooked] = useState<Looked | null>(null)
  const [done, setDone] = useState<ArticleImport | null>(null)
  const [drafts, setDrafts] = useState(false)
  const look = (files: readonly FolderFile[], asDrafts: boolean) =>
    void submit.run(async () => {
      setDone(null)
      setLooked({ files, found: await sendFolder(api, files, { dryRun: true, drafts: asDrafts }) })
    })
  const take = ({ files }: Looked) =>
    void submit.run(async () => {
      setDone(await sendFolder(api, files, { dryRun: false, drafts }))
      setLooked(null)
      await cache.invalidateQueries({ predicate: ({ queryKey }) => /^article/.test(String(queryKey[0])) })
    })
  const moves = looked?.found.texts.filter((text) => text.done !== 'unchanged').length ?? 0
  return (
    <div className="flex flex-col gap-4" aria-busy={submit.busy}>
      <FolderPicker busy={submit.busy} onPick={(files) => look(files, drafts)} />
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      {looked ? <ImportedTexts found={looked.found} title={t('articles.import.would')} /> : null}
      {done ? <ImportedTexts found={done} title={t('articles.import.done')} /> : null}
      {looked ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <CheckField
            label={t('articles.import.drafts')}
            checked={drafts}
            disabled={submit.busy}
            onChange={(event) => {
              setDrafts(event.target.checked)
              look(looked.files, event.target.checked)
            }}
          />
          <Button look="primary" busy={submit.busy} disabled={moves === 0} onClick={() => take(looked)}>
            {t('articles.import.take', { count: moves })}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function FolderPicker({ busy, onPick }: { busy: boolean; onPick: (files: readonly FolderFile[]) => void }) {
  const { t } = useTranslation()
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [none, setNone] = useState(false)
  const pick = (files: readonly FolderFile[]) => {
    setNone(files.length === 0)
    if (files.length > 0) onPick(files)
  }
  return (
    <section
      aria-label={t('articles.import.choose')}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        void droppedFolder(event.dataTransfer.items).then(pick)
      }}
      className={cx(
        'flex flex-col items-center gap-2 rounded-lg border border-dashed border-line-strong px-6 py-6 text-center',
        over && 'ring-2 ring-focus',
      )}
    >
      <FolderOpen className="size-6 text-faint" aria-hidden="true" />
      <p className="max-w-[52ch] text-sm text-soft">{t('articles.import.lead')}</p>
      <pre className="rounded bg-pressed px-3 py-1.5 text-left font-mono text-xs">
        {'en/fees/maker-fees.md\nzh/fees/maker-fees.md\nfiles/chart.png'}
      </pre>
      <input
        ref={picker}
        type="file"
        multiple
        className="sr-only"
        tabIndex={-1}
        aria-label={t('articles.import.choose')}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          if (event.target.files) pick(chosenFolder(event.target.files))
          event.target.value = ''
        }}
      />
      <Button busy={busy} onClick={() => picker.current?.click()}>
        {t('articles.import.choose')}
      </Button>
      {none ? (
        <p role="alert" className="text-sm text-danger">
          {t('articles.import.none')}
        </p>
      ) : null}
    </section>
  )
}
