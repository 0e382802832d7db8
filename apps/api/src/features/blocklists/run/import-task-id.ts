/** Id of the task that imports lists. */
export const importTaskId = 'blocklist_import';
