import { useTranslation } from 'react-i18next'
import { TextField } from '../components/field.tsx'

/** Not a number field: a recovery code has letters. */
export function CodeField({ error, recovery = false }: { error?: string | undefined; recovery?: boolean }) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('factor.code')}
      help={t(recovery ? 'factor.codeOrRecovery' : 'factor.codeHelp')}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={60}
      required
      autoFocus
      error={error}
    />
  )
}
