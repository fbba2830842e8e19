// What keeps an entry from being kept, shared or deleted, besides what the server says (server.js); page.js puts it into words.

export class TooLong extends Error {}
export class NotSentYet extends Error {}
export class Unheard extends Error {} // no answer came: it may have arrived or not
export class NoRoom extends Error {} // there is no connection, and the browser may keep no more
