export const sample = {
  sample: {
    action: 'Look around with sample data',
    lead: 'Northstar, an invented exchange: people, rules, articles and twenty conversations in five languages. Nothing is sent to anybody, and it can be removed again.',
    loading: 'Loading. This takes a few seconds.',
    remove: 'Remove sample data',
    removeAsk:
      'Everything of Northstar goes, also what you changed: its inboxes with all conversations in them, people, teams, rules and articles. What you made yourself stays. This cannot be undone.',
    removeLead: 'Northstar does not exist. Remove it before your own customers come.',
    title: 'Sample data',
  },
}
