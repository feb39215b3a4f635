import { useTranslation } from 'react-i18next'

const known = [
  ...(['human', 'noneFits', 'account', 'fraud', 'legal', 'selfHarm', 'anger', 'misses'] as const),
  ...(['nothingFound', 'repeated', 'language', 'files', 'late', 'failed', 'notHere'] as const),
]

/** Why the bot left something to people. */
export function useReasonWords(): (reason: string) => string {
  const { t } = useTranslation()
  return (reason) => t(`botPage.reasons.${known.find((one) => one === reason) ?? 'other'}`)
}
