// One database of this browser, opened for each deed and closed after it, so that no window stands in another's way. Only
// keeping something makes it: whoever never keeps anything here has none.

// `stores`: each with the name of its key.
export function database(name, stores) {
  function opened(mode) {
    return new Promise((found, failed) => {
      const asked = indexedDB.open(name, 1);
      let isNew = false;
      asked.onupgradeneeded = () => {
        isNew = true;
        if (mode === "readonly") return asked.transaction.abort();
        for (const [store, keyPath] of Object.entries(stores)) asked.result.createObjectStore(store, { keyPath });
      };
      asked.onsuccess = () => found(asked.result);
      asked.onerror = () => (isNew && mode === "readonly" ? found(null) : failed(asked.error));
    });
  }

  async function within(store, mode, deed) {
    const open = await opened(mode);
    if (!open) return undefined;
    try {
      return await new Promise((done, failed) => {
        const transaction = open.transaction(store, mode);
        const asked = deed(transaction.objectStore(store));
        transaction.oncomplete = () => done(asked?.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
    } finally {
      open.close();
    }
  }

  return {
    read: (store, key) => within(store, "readonly", (rows) => rows.get(key)),
    all: async (store) => (await within(store, "readonly", (rows) => rows.getAll())) ?? [],
    write: (store, row) => within(store, "readwrite", (rows) => rows.put(row)),
    remove: (store, key) => within(store, "readwrite", (rows) => rows.delete(key)),
    writeAll: (store, many) => within(store, "readwrite", (rows) => void many.forEach((row) => rows.put(row))),
    removeAll: (store, keys) => within(store, "readwrite", (rows) => void keys.forEach((key) => rows.delete(key))),
    drop: () => void indexedDB.deleteDatabase(name),
  };
}
