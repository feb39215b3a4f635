// A comma is a thousands mark to one customer and a decimal mark to another, so an amount is kept as it was typed.
const plain = /^[+-]?\d{1,30}(?:[.,]\d{1,30})?$/
const grouped = /^[+-]?\d{1,3}(?:([ ,.'’])\d{3})(?:\1\d{3})*(?:[.,]\d{1,30})?$/

export function isAmount(text: string): boolean {
  return text.length <= 60 && (plain.test(text) || grouped.test(text))
}
