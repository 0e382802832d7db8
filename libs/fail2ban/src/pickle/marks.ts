/** What ends every request and every answer. */
export const END_MARK = Buffer.from('<F2B_END_COMMAND>', 'latin1');

/** What a client sends, followed by the end mark, to say goodbye. */
export const CLOSE_MARK = Buffer.from('<F2B_CLOSE_COMMAND>', 'latin1');
