import type { ReactNode } from 'react'
import { Brand } from '../components/brand.tsx'
import { useTitle } from '../components/use-title.ts'

/** Sign-in and one-time links: one column, nothing else to look at. */
export function FrontPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  useTitle(title)
  return (
    <main className="flex min-h-full flex-col items-center justify-center bg-ground p-6">
      <div className="w-full max-w-sm">
        <div className="flex items-center gap-2.5 pb-8 text-accent">
          <Brand className="size-7" />
          <span className="text-lg font-semibold tracking-tight text-text">Tributary</span>
        </div>
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {lead ? <p className="pt-1 text-soft">{lead}</p> : null}
        <div className="pt-6">{children}</div>
      </div>
    </main>
  )
}
