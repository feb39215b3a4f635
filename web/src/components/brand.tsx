/** Two streams that become one. */
export function Brand({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      aria-hidden="true"
      className={className}
    >
      <path d="M12 22v-9" />
      <path d="M12 13c0-5-6-5-7-11" />
      <path d="M12 13c0-5 6-5 7-11" />
    </svg>
  )
}
