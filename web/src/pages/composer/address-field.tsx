import { X } from 'lucide-react'
import { type ClipboardEvent, type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LetterAddress } from '../../../../src/wire/letter.ts'
import { cx } from '../../components/cx.ts'
import { isAddress, nameAndAddress, nameOrAddress, readAddresses, withAddresses } from '../../data/letter.ts'

interface AddressFieldProps {
  label: string
  addresses: readonly LetterAddress[]
  onChange: (next: readonly LetterAddress[]) => void
}

/** Addresses as chips: Enter, a comma or leaving the field makes one, Backspace takes the last, a click puts one right. */
export function AddressField({ label, addresses, onChange }: AddressFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const take = (typed: string) => {
    setText('')
    const found = readAddresses(typed)
    if (found.length) onChange(withAddresses(addresses, found))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    const ends = event.key === 'Enter' || /^[,;，；]$/.test(event.key)
    if (ends && text.trim() !== '') {
      event.preventDefault()
      take(text)
    } else if (event.key === 'Enter') event.preventDefault()
    else if (event.key === 'Backspace' && text === '') onChange(addresses.slice(0, -1))
  }
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData('text')
    if (!/[,;\n]/.test(pasted.trim())) return
    event.preventDefault()
    take(text + pasted)
  }
  const edit = (one: LetterAddress) => {
    onChange(addresses.filter((other) => other !== one))
    setText(nameAndAddress(one))
    input.current?.focus()
  }
  return (
    <div className="flex items-start gap-2">
      <label htmlFor={id} className="w-12 shrink-0 pt-1 text-faint touch:pt-2">
        {label}
      </label>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
        {addresses.map((one) => (
          <Chip
            key={one.address}
            one={one}
            onEdit={() => edit(one)}
            onRemove={() => {
              onChange(addresses.filter((other) => other !== one))
              input.current?.focus()
            }}
          />
        ))}
        <input
          ref={input}
          id={id}
          value={text}
          type="text"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-label={`${label}: ${t('envelope.add')}`}
          className="h-6 min-w-20 flex-1 bg-transparent outline-none touch:h-9 narrow:text-lg"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => take(text)}
        />
      </div>
    </div>
  )
}

function Chip({ one, onEdit, onRemove }: { one: LetterAddress; onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const valid = isAddress(one.address)
  const full = nameAndAddress(one)
  return (
    <span
      className={cx(
        'inline-flex h-6 max-w-full items-center rounded-full border touch:h-9',
        valid ? 'border-line-strong bg-surface text-text' : 'border-danger bg-danger-soft text-danger',
      )}
    >
      <button
        type="button"
        title={valid ? full : t('envelope.invalid', { address: full })}
        aria-invalid={valid ? undefined : true}
        className="h-full min-w-0 truncate rounded-l-full pl-2.5"
        onClick={onEdit}
      >
        {nameOrAddress(one)}
        {valid ? null : <span className="sr-only">{t('envelope.invalid', { address: full })}</span>}
      </button>
      <button
        type="button"
        aria-label={t('envelope.remove', { address: full })}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-full hover:bg-hover touch:size-9"
        onClick={onRemove}
      >
        <X aria-hidden="true" className="size-3" />
      </button>
    </span>
  )
}
