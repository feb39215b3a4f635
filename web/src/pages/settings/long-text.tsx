import { cx } from '../../components/cx.ts'
import { TextArea } from '../../components/field.tsx'

interface LongTextProps {
  label: string
  help?: string | undefined
  error?: string | undefined
  secret: boolean
  value: unknown
  onChange: (value: string) => void
}

/** Several lines: a signature, or a key that nobody may read over a shoulder. */
export function LongText({ secret, value, onChange, ...around }: LongTextProps) {
  return (
    <div className={cx(secret && '[&_textarea]:[-webkit-text-security:disc]')}>
      <TextArea
        {...around}
        rows={4}
        value={typeof value === 'string' ? value : ''}
        autoComplete="off"
        spellCheck={!secret}
        onFocus={(event) => secret && event.target.select()}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
