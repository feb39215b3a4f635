// What nobody in support may ever ask for. In the languages that the bot speaks.
const asksForSecret = [
  /\b(?:seed|recovery|secret|backup|mnemonic) ?-?(?:phrase|words?|codes?)\b|\bmnemonic\b|\b(?:private|secret|spending) ?-?keys?\b/i,
  /\bpass ?(?:words?|codes?|phrases?)\b|\bpins?\b|\bcv[vc]2?\b|\bcard ?-?numbers?\b|\bkeystore\b/i,
  /\b(?:2fa|otp|totp)\b|\b(?:two-factor|authenticator|authentication|verification|security|one-time|sms)[ -]codes?\b/i,
  /助[记記][词詞]|[种種]子(?:短[语語]|[词詞])|恢[复復]短[语語]|私[钥鑰]|密[钥鑰碼码]|口令|[验驗][证證][码碼]|[动動][态態][码碼]|[银銀]?行?卡[号號]|安全[码碼]/,
  /シード(?:フレーズ|$)|リカバリーフレーズ|復元フレーズ|ニーモニック|秘密鍵|秘密キー|パスワード|パスコード|パスフレーズ|暗証番号|(?:認証|確認|セキュリティ)コード|カード番号/,
  /시드(?: ?(?:구문|문구|단어)|$)|복구 ?(?:구문|문구)|니모닉|(?:개인|비밀|프라이빗) ?키|비밀 ?번호|패스워드|(?:인증|보안) ?(?:코드|번호)|카드 ?번호/,
  /с[ие]д-?\s?фраз|секретн\S+ (?:фраз|слов|ключ|код)|мнемони|(?:приватн|закрыт|секретн)\S+ ключ|парол|пин-?\s?код|номер\S* карт|код\S* (?:из смс|подтвержд|аутентиф|безопасн|2fa)/i,
]

/** Would a customer who answers this give away what only they may know? */
export function asksForSecrets(text: string): boolean {
  const plain = text.normalize('NFKC')
  // A key has no spaces, and no word border stands at an underscore.
  return [plain, plain.replace(/[-_]+/g, ' ')].some((one) => asksForSecret.some((pattern) => pattern.test(one)))
}

const privateKeys = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  // Bitcoin's wallet import format, and the root of a wallet.
  /(?:^|[^1-9A-HJ-NP-Za-km-z])(?:[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}|[xyz]prv[1-9A-HJ-NP-Za-km-z]{90,})(?![1-9A-HJ-NP-Za-km-z])/,
  // What a Solana wallet writes into a file.
  /\[\s*\d{1,3}(?:\s*,\s*\d{1,3}){63}\s*\]/,
  // 64 hexadecimal signs alone are also how a transaction is called.
  /(?:private|secret) ?key\W{0,10}(?:0x)?[0-9a-f]{64}|[私秘][钥鑰密]\S{0,6}(?:0x)?[0-9a-f]{64}|ключ\W{0,10}(?:0x)?[0-9a-f]{64}/i,
]
/** Of these none stands in the list that secret phrases are made of, and hardly a sentence goes without. */
const sentenceWords = new Set(
  (
    'the and for was not but has had been from with were are did does would them their our your his her she him its ' +
    'should could which who than here those after also some get got since until thanks sent see how why let'
  ).split(' '),
)

/** Is it a wallet's secret phrase or private key? Heuristic: such a phrase is at least twelve bare words in a row. */
export function isSecret(text: string): boolean {
  return privateKeys.some((pattern) => pattern.test(text)) || isPhrase(text)
}

function isPhrase(text: string): boolean {
  let run = 0
  for (const token of text.toLowerCase().split(/[\s,;|、，]+/)) {
    if (/^\d{0,2}[.):]?$/.test(token)) continue
    run = isPhraseWord(token.replace(/^\d{1,2}[.):]/, '')) ? run + 1 : 0
    if (run >= 12) return true
  }
  return false
}

// English, or one Chinese character each, or Japanese words in hiragana: the lists of BIP 39 with words of one script.
function isPhraseWord(token: string): boolean {
  if (/^[a-z]{3,8}$/.test(token)) return !sentenceWords.has(token)
  return /^\p{Script=Han}$/u.test(token) || /^\p{Script=Hiragana}{2,8}$/u.test(token)
}
