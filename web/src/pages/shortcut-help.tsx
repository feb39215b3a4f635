import { useTranslation } from 'react-i18next'
import { Dialog } from '../components/dialog.tsx'
import { Keys } from '../components/keys.tsx'

const groups = [
  ['move', ['j', 'k', 'Enter', 'u', 'g m', 'g u', 'g t', 'g a', 'N']],
  ['act', ['r', 'n', 'e', 's', 'i', 'a', 't', 'p', 'h', ']']],
  ['write', ['Ctrl J', 'Ctrl Enter', 'Ctrl Shift Enter', 'Esc']],
] as const

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open onClose={onClose} title={t('keys.title')} width="max-w-2xl">
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {groups.map(([group, keys]) => (
          <section key={group}>
            <h3 className="pb-1 text-xs text-faint">{t(`keys.${group}`)}</h3>
            <dl className="flex flex-col gap-1">
              {keys.map((key) => (
                <div key={key} className="flex h-7 items-center justify-between gap-4 text-sm">
                  <dt>{t(`keys.of.${key}`)}</dt>
                  <dd>
                    <Keys keys={key} />
                    <span className="sr-only">{key}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
