import { cx } from './cx.ts'

/** Shaped like what comes; invisible for the first 200 ms, so a fast answer shows none. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div aria-hidden="true" className="late">
      <div className={cx('pulse rounded bg-pressed', className)} />
    </div>
  )
}

export function ListSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div className="flex flex-col" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => `row-${row}`).map((key) => (
        <div key={key} className="flex gap-3 px-4 py-3.5">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-0.5">
            <Skeleton className="h-3 w-2/5" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  )
}
