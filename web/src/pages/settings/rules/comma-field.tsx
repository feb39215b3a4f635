import { useState } from 'react'
import { TextField } from '../../../components/field.tsx'

interface CommaFieldProps {
  label: string
  help?: string
  values: readonly string[]
  onChange: (values: string[]) => void
}

/** Several words in one line. What is typed stays as it is typed until the field is left. */
export function CommaField({ label, help, values, onChange }: CommaFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <TextField
      label={label}
      hideLabel
      className="min-w-0 flex-1"
      {...(help ? { help } : {})}
      value={typed ?? values.join(', ')}
      onChange={(event) => {
        setTyped(event.target.value)
        onChange(wordsIn(event.target.value))
      }}
      onBlur={() => setTyped(null)}
    />
  )
}

export function wordsIn(text: string): string[] {
  const words = text.split(/[,，、]/).map((word) => word.trim())
  return [...new Set(words.filter((word) => word !== ''))]
}
