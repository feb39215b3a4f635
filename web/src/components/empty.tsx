import type { ReactNode } from 'react'

/** One sentence and one action. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
      {icon ? <div className="text-faint [&>svg]:size-7 [&>svg]:stroke-[1.5]">{icon}</div> : null}
      <p className="max-w-[34ch] text-soft text-balance">{title}</p>
      {children}
    </div>
  )
}
