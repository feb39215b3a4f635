/** `g m` reads "g then m"; drawn as small caps of a keyboard, skipped by screen readers (the command is named beside it). */
export function Keys({ keys }: { keys: string }) {
  return (
    <span aria-hidden="true" className="flex gap-1 touch:hidden">
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className="min-w-5 rounded-sm border border-line bg-ground px-1 text-center font-sans text-[11px] leading-[18px] text-soft"
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
