/** What a customer who speaks this (an SQL expression) knows `team t` as; null: nothing, whatever stands in other languages. */
export function seenAs(language: string): string {
  const said = `nullif(t.customer_sees_in ->> split_part(lower(${language}), '-', 1), '')`
  return `case when t.customer_sees is not null then coalesce(${said}, t.customer_sees) end`
}
