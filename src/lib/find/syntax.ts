/** What the language can say, shortest first. */
export const syntax: readonly { text: string; says: string }[] = [
  { text: 'login', says: 'anywhere in the line, in any case' },
  { text: '"GET /login"', says: 'a phrase, also across fields' },
  { text: 'status:404,410', says: 'any of these values' },
  { text: '-path:/static/*', says: 'excludes matches' },
  { text: 'status:>=500', says: 'comparison: >, >=, <, <=' },
  { text: 'path~login', says: 'contains' },
  { text: '/wp-(a|b)/i', says: 'a regular expression' },
  { text: 'ip:203.0.113.0/24', says: 'a network' },
  { text: 'has:referrer', says: 'is known' },
  { text: 'find:wp-', says: 'highlighted only' }
]
