export const progress = {
  progress: {
    open: 'Progress page…',
    title: 'Progress page',
    help: 'Whoever has its address sees how this conversation goes on, without signing in: status, messages and files, never notes. It ends some time after the conversation does.',
    make: 'Make an address',
    address: 'Address',
    once: 'It is shown only now.',
    none: 'No address was given out yet.',
    impossible: 'There is no such page here: others read along, or this inbox has none.',
    byUs: 'Sent with the number',
    by: 'Made by {{name}}',
    revoke: 'Revoke',
    revoked: 'Revoked',
    somebody: 'somebody',
  },
}
