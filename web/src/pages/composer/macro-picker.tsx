import { useQueryClient } from '@tanstack/react-query'
import { Zap } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppliedMacro, Macro } from '../../../../src/wire/macro.ts'
import { IconButton } from '../../components/button.tsx'
import { cx } from '../../components/cx.ts'
import { useMacros, useRuleNames } from '../../data/rule-names.ts'
import { ruleWords } from '../../data/rule-words.ts'
import { useGround } from '../../data/services.ts'

interface MacroPickerProps {
  conversationId: string
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Words for the composer. */
  onText: (text: string) => void
}

/** Prepared answers, found by typing. */
export function MacroPicker({ conversationId, open, onOpenChange, onText }: MacroPickerProps) {
  const { t } = useTranslation()
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <IconButton label={t('macros.button')} hint="/">
          <Zap className="size-4" />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('macros.button')}
          className="overlay-in z-50 flex max-h-[min(360px,var(--radix-popover-content-available-height))] w-[min(420px,calc(100vw-16px))] flex-col rounded-lg border border-line bg-raised shadow-lift"
          // The composer has the focus then.
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {open ? <Choosing conversationId={conversationId} onDone={onOpenChange} onText={onText} /> : null}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface ChoosingProps {
  conversationId: string
  onDone: (open: false) => void
  onText: (text: string) => void
}

function Choosing({ conversationId, onDone, onText }: ChoosingProps) {
  const { t } = useTranslation()
  const [wish, setWish] = useState('')
  const [at, setAt] = useState(0)
  const found = matching(useMacros(), wish)
  const apply = useApply(conversationId, onText)
  const chosen = Math.min(at, Math.max(0, found.length - 1))
  const use = (macro: Macro | undefined) => {
    if (!macro) return
    onDone(false)
    void apply(macro)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, found.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0))
    else if (event.key === 'Enter') use(found[chosen])
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="macro-list"
        aria-activedescendant={found[chosen] ? `macro-${found[chosen].id}` : undefined}
        aria-label={t('macros.find')}
        placeholder={t('macros.find')}
        value={wish}
        className="h-10 shrink-0 border-b border-line bg-transparent px-3 text-sm outline-none touch:h-12"
        onChange={({ target }) => {
          setWish(target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id="macro-list" role="listbox" aria-label={t('macros.button')} className="min-h-0 overflow-y-auto p-1">
        {found.map((macro, n) => (
          <Option
            key={macro.id}
            macro={macro}
            chosen={n === chosen}
            onPoint={() => setAt(n)}
            onUse={() => use(macro)}
          />
        ))}
      </div>
      {found.length === 0 ? (
        <p className="px-3 pt-1 pb-3 text-sm text-soft">{t(wish === '' ? 'macros.none' : 'macros.noneFound')}</p>
      ) : null}
    </>
  )
}

/** Names first, then words; the most used of equals first. */
export function matching(macros: readonly Macro[], wish: string): Macro[] {
  const wanted = wish.trim().toLowerCase()
  const rank = ({ name, text }: Macro) => {
    const at = name.toLowerCase().indexOf(wanted)
    if (at === 0) return 0
    return at > 0 ? 1 : text.toLowerCase().includes(wanted) ? 2 : 3
  }
  return macros
    .map((macro) => ({ macro, rank: rank(macro) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || b.macro.used - a.macro.used || (a.macro.name < b.macro.name ? -1 : 1))
    .slice(0, 50)
    .map(({ macro }) => macro)
}

interface OptionProps {
  macro: Macro
  chosen: boolean
  onPoint: () => void
  onUse: () => void
}

function Option({ macro, chosen, onPoint, onUse }: OptionProps) {
  const { t, i18n } = useTranslation()
  const words = ruleWords(t, i18n.language, useRuleNames())
  return (
    <button
      type="button"
      id={`macro-${macro.id}`}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      ref={(element) => {
        if (chosen) element?.scrollIntoView({ block: 'nearest' })
      }}
      className={cx('block w-full rounded px-2 py-1.5 text-left touch:min-h-11', chosen && 'bg-hover')}
      onPointerMove={onPoint}
      onClick={onUse}
    >
      <span className="block truncate text-sm font-medium">{macro.name}</span>
      {macro.text.trim() ? <span className="block truncate text-xs text-soft">{macro.text}</span> : null}
      {macro.actions.length > 0 ? (
        <span className="block truncate text-xs text-faint">{words.actions(macro.actions)}</span>
      ) : null}
    </button>
  )
}

function useApply(conversationId: string, onText: (text: string) => void) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  return async (macro: Macro): Promise<void> => {
    try {
      const applied = await api.send<AppliedMacro>('POST', `/conversations/${conversationId}/macros/${macro.id}`)
      if (applied.text.trim()) onText(applied.text)
      const missed = applied.actions.filter(({ state }) => state === 'gone')
      if (missed.length > 0) {
        const what = missed.map(({ type }) => t(`rules.actions.${type}` as 'rules.actions.team')).join(', ')
        toasts.show({ tone: 'problem', text: t('macros.missed', { what }) })
      } else if (!applied.text.trim())
        toasts.show({ tone: 'plain', text: t('macros.applied', { name: macro.name }) }, 2_500)
      void cache.invalidateQueries({ queryKey: ['macros'] })
    } catch (error) {
      toasts.show({ tone: 'problem', text: error instanceof Error ? error.message : t('error.offline') })
    }
  }
}
