// The notebook's cryptography, all of it WebCrypto. A random AES-256 key seals the entries. That key is kept on the
// server only wrapped: once under the passphrase, once under the recovery code, each stretched by PBKDF2-SHA256.
// Wrapped keys and entries are AES-GCM with a fresh random iv; what they are bound to (purpose, entry id) is
// authenticated, so that the server cannot swap one for another unnoticed.

export const ITERATIONS = 600_000;
const TAG = "hearth.notebook.";
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32: nothing to mistake when read from paper
const CODE_LENGTH = 24; // letters, 5 bits each: 120 bits

export class WrongWords extends Error {}

const utf8 = (text) => new TextEncoder().encode(text);
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const bound = (words) => utf8(TAG + words);

export function toText(bytes) {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// Passphrases may be typed on another keyboard, codes with or without dashes, O for 0.
const plainPassphrase = (words) => words.normalize("NFKC");
const plainCode = (code) => code.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
const plain = (words, purpose) => (purpose === "recovery" ? plainCode(words) : plainPassphrase(words));

async function stretch(words, salt, iterations) {
  if (!(iterations >= ITERATIONS)) throw new Error("too few iterations");
  const base = await crypto.subtle.importKey("raw", utf8(words), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export const newRawKey = () => random(32);

export function newCode() {
  const letters = [...random(CODE_LENGTH)].map((byte) => LETTERS[byte % 32]); // 256 is a multiple of 32: no letter is likelier
  return letters.join("").replace(/(.{4})(?=.)/g, "$1-");
}

export async function wrap(raw, words, purpose, iterations = ITERATIONS) {
  const salt = random(16);
  const iv = random(12);
  const key = await stretch(plain(words, purpose), salt, iterations);
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(`key.${purpose}`) }, key, raw);
  return { salt: toText(salt), iv: toText(iv), wrapped: toText(wrapped) };
}

export async function unwrap(wrapping, words, purpose, iterations) {
  const key = await stretch(plain(words, purpose), toBytes(wrapping.salt), iterations);
  const how = { name: "AES-GCM", iv: toBytes(wrapping.iv), additionalData: bound(`key.${purpose}`) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, toBytes(wrapping.wrapped)));
  } catch {
    throw new WrongWords();
  }
}

// The key as the page keeps it while open: usable, but not to be read out.
export const openKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

export async function seal(key, id, text) {
  const iv = random(12);
  const how = { name: "AES-GCM", iv, additionalData: bound(`entry.${id}`) };
  return { iv: toText(iv), ciphertext: toText(await crypto.subtle.encrypt(how, key, utf8(JSON.stringify({ text })))) };
}

export async function unseal(key, id, sealed) {
  const how = { name: "AES-GCM", iv: toBytes(sealed.iv), additionalData: bound(`entry.${id}`) };
  const bytes = await crypto.subtle.decrypt(how, key, toBytes(sealed.ciphertext));
  return JSON.parse(new TextDecoder().decode(bytes)).text;
}
