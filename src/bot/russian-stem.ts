// The endings are those of the Snowball stemmer for Russian, https://snowballstem.org/algorithms/russian/stemmer.html
const gerund = /(?:(?<=[ая])(?:в|вши|вшись)|(?:ив|ивши|ившись|ыв|ывши|ывшись))$/
const reflexive = /(?:ся|сь)$/
const adjective =
  /(?:(?:(?<=[ая])(?:ем|нн|вш|ющ|щ)|(?:ивш|ывш|ующ))?(?:ее|ие|ые|ое|ими|ыми|ей|ий|ый|ой|ем|им|ым|ом|его|ого|ему|ому|их|ых|ую|юю|ая|яя|ою|ею))$/
const verb =
  /(?:(?<=[ая])(?:ла|на|ете|йте|ли|й|л|ем|н|ло|но|ет|ют|ны|ть|ешь|нно)|(?:ила|ыла|ена|ейте|уйте|ите|или|ыли|ей|уй|ил|ыл|им|ым|ен|ило|ыло|ено|ят|ует|уют|ит|ыт|ены|ить|ыть|ишь|ую|ю))$/
const noun =
  /(?:а|ев|ов|ие|ье|е|иями|ями|ами|еи|ии|и|ией|ей|ой|ий|й|иям|ям|ием|ем|ам|ом|о|у|ах|иях|ях|ы|ь|ию|ью|ю|ия|ья|я)$/
const derived = /(?:ост|ость)$/

/** A word without its endings. Letters alike (ё) must be one already. */
export function russianStem(word: string): string {
  const begin = /^[^аеиоуыэюя]*[аеиоуыэюя]/.exec(word)?.[0] ?? word
  let rest = word.slice(begin.length)
  const cut = (end: RegExp) => {
    const shorter = rest.replace(end, '')
    const isShorter = shorter !== rest
    rest = shorter
    return isShorter
  }
  if (!cut(gerund)) {
    cut(reflexive)
    if (!cut(adjective) && !cut(verb)) cut(noun)
  }
  cut(/и$/)
  cut(derived)
  if (!cut(/ь$/)) cut(/(?:ейш|ейше)$/)
  return begin + rest.replace(/нн$/, 'н')
}
