import { Bold, Code, Heading, Italic, Link, List, type LucideIcon, SquareCode, TextQuote } from 'lucide-react'
import { Toolbar } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../components/button.tsx'
import type { Format } from '../../data/formatting.ts'
import { formatKeys, type Offered } from './use-formatting.ts'

const icons: Record<Format, LucideIcon> = {
  bold: Bold,
  italic: Italic,
  code: Code,
  link: Link,
  list: List,
  quote: TextQuote,
  codeBlock: SquareCode,
  heading: Heading,
}
/** Those that a channel may show in a way of its own, each the same everywhere. */
const ownWays = ['link', 'list', 'quote', 'heading'] as const

interface FormatBarProps {
  offered: readonly Offered[]
  onFormat: (format: Format) => void
}

/** On a phone there only while somebody writes. */
export function FormatBar({ offered, onFormat }: FormatBarProps) {
  const { t } = useTranslation()
  if (offered.length === 0) return null
  const hintOf = ({ format, partly }: Offered) => {
    const way = partly ? ownWays.find((one) => one === format) : undefined
    const keys = formatKeys[format]
    return [way && t(`composer.ownWay.${way}`), keys && `Ctrl+${keys}`].filter(Boolean).join(' · ')
  }
  return (
    <Toolbar.Root
      aria-label={t('composer.formats')}
      className="flex min-w-0 items-center overflow-x-auto [scrollbar-width:none] narrow:order-first narrow:hidden narrow:basis-full narrow:group-focus-within/composer:flex"
    >
      {offered.map((one) => {
        const Icon = icons[one.format]
        return (
          <Toolbar.Button asChild key={one.format}>
            <IconButton
              label={t(`composer.format.${one.format}`)}
              hint={hintOf(one) || undefined}
              // The words stay selected.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onFormat(one.format)}
            >
              <Icon className="size-4" />
            </IconButton>
          </Toolbar.Button>
        )
      })}
    </Toolbar.Root>
  )
}
