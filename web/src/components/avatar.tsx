import { Bot, UserRound } from 'lucide-react'
import { useState } from 'react'
import { cx } from './cx.ts'

/** Six quiet tints of one lightness, so that people are told apart and none shouts. */
const hues = [210, 160, 290, 60, 20, 250]

function hash(text: string): number {
  let sum = 0
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return sum
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = [...(words[0] ?? '?')][0] ?? '?'
  // Han, kana and hangul names are one sign wide; a second one would be noise.
  if (words.length < 2 || /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(first)) return first.toUpperCase()
  return (first + ([...(words.at(-1) ?? '')][0] ?? '')).toUpperCase()
}

const sizes = { 20: 'size-5 text-[10px]', 24: 'size-6 text-[11px]', 32: 'size-8 text-xs', 40: 'size-10 text-base' }

interface AvatarProps {
  /** Empty: nobody has told us a name. */
  name: string
  /** Whose colour it is, where many have no name. */
  id?: string | null | undefined
  /** Their own, if they have one. */
  picture?: string | null | undefined
  size?: keyof typeof sizes
  bot?: boolean
}

export function Avatar({ picture, ...drawn }: AvatarProps) {
  const [missing, setMissing] = useState<string | null>(null)
  if (!picture || picture === missing) return <Drawn {...drawn} />
  return (
    <img
      // The name stands beside it or in a label.
      alt=""
      src={picture}
      loading="lazy"
      onError={() => setMissing(picture)}
      className={cx('inline-block shrink-0 rounded-full bg-hover object-cover', sizes[drawn.size ?? 32])}
    />
  )
}

function Drawn({ name, id, size = 32, bot = false }: Omit<AvatarProps, 'picture'>) {
  const hue = hues[hash(name || (id ?? '')) % hues.length]
  return (
    <span
      aria-hidden="true"
      // Drawn, not written: the name stands beside it or in a label, and must not be read twice.
      data-initials={bot || !name ? '' : initials(name)}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-full font-medium select-none before:content-[attr(data-initials)]',
        sizes[size],
      )}
      style={{
        background: `light-dark(oklch(0.9 0.045 ${hue}), oklch(0.36 0.05 ${hue}))`,
        color: `light-dark(oklch(0.38 0.07 ${hue}), oklch(0.9 0.045 ${hue}))`,
      }}
    >
      {bot ? <Bot className="size-[60%]" /> : name ? null : <UserRound className="size-[55%]" />}
    </span>
  )
}
