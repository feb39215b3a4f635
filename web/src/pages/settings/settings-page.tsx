import type { ReactNode } from 'react'
import { cx } from '../../components/cx.ts'
import { useTitle } from '../../components/use-title.ts'

export function SettingsPage({
  title,
  lead,
  action,
  wide = false,
  children,
}: {
  title: string
  lead?: string
  action?: ReactNode
  /** Room for something beside the form. */
  wide?: boolean
  children: ReactNode
}) {
  useTitle(title)
  return (
    <div
      className={cx('mx-auto flex flex-col gap-8 px-8 py-8 narrow:px-4 narrow:py-5', wide ? 'max-w-6xl' : 'max-w-3xl')}
    >
      <header className="flex items-start justify-between gap-x-4 gap-y-3 narrow:flex-wrap">
        <div className="narrow:basis-60 narrow:grow">
          <h2 className="text-xl font-semibold tracking-tight">{title}</h2>
          {lead ? <p className="max-w-[62ch] pt-1 text-soft">{lead}</p> : null}
        </div>
        {action}
      </header>
      {children}
    </div>
  )
}

export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <div>
        <h3 className="font-semibold">{title}</h3>
        {lead ? <p className="text-sm text-soft">{lead}</p> : null}
      </div>
      {children}
    </section>
  )
}

/** Rows with hairlines between. */
export function Lines({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul aria-label={label} className="flex flex-col divide-y divide-line rounded-lg border border-line">
      {children}
    </ul>
  )
}

export function Line({ children }: { children: ReactNode }) {
  return <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">{children}</li>
}
