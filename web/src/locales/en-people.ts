export const people = {
  accounts: {
    code: 'Code',
    codeHelp: 'It works once, until {{time}}.',
    how: 'From the account you answer with, write this code and nothing else in a direct message to the bot or account your customers write to. Show it to nobody: whoever writes it answers as you.',
    lead: 'Answer customers in Telegram, Discord or X with your own account: what you write to them there counts as your reply. Write to the bot alone and nobody here sees it.',
    link: 'Link an account',
    none: 'No account is linked.',
    since: '{{channel}} · since {{time}}',
    title: 'Your own accounts',
    unlink: 'Unlink',
    unlinkSure: 'What {{name}} writes from then on is a customer’s message.',
  },
  samePerson: {
    because: {
      code: 'a code they wrote',
      email: 'same email address',
      signed: 'same customer of your website',
    },
    merged: '{{by}} put this customer together with {{name}}',
    mergedBecause: '{{by}} put this customer together with {{name}}: {{because}}',
    other: 'another account',
    unmerged: '{{by}} took apart what had been put together as one customer',
  },
}
