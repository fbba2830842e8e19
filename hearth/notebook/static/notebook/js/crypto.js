// The notebook's cryptography, pure: no page, no network. All that leaves it is base64.
//
// A random AES-256-GCM data key encrypts every entry. It is wrapped twice: by what the passphrase becomes through
// PBKDF2-HMAC-SHA256, and by what the recovery code (160 random bits) becomes through HKDF-SHA256. What is encrypted
// is bound to what it is (additional data), so that nothing can be put in another's place unnoticed.

export const ITERATIONS = 600_000; // OWASP Password Storage Cheat Sheet, 2023
const SALT = 16; // bytes
const IV = 12; // bytes, NIST SP 800-38D
const CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32: no I, L, O, U
const CODE_LENGTH = 32; // of 5 bits each

const { subtle } = globalThis.crypto ?? {};
const text = new TextEncoder();
const AES = { name: "AES-GCM", length: 256 };

export const isPossible = () => Boolean(subtle);
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));
export const sizeOf = (words) => text.encode(words).length;

export function toBase64(bytes) {
  let letters = "";
  for (const byte of new Uint8Array(bytes)) letters += String.fromCharCode(byte);
  return btoa(letters);
}

export const fromBase64 = (letters) => Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));

// The same passphrase typed on another keyboard may be other bytes: NFKC makes them one.
async function keyOfPassphrase(passphrase, salt, iterations) {
  const material = await subtle.importKey("raw", text.encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return subtle.deriveKey(how, material, AES, false, ["wrapKey", "unwrapKey"]);
}

async function keyOfCode(code, salt) {
  const material = await subtle.importKey("raw", text.encode(code), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: text.encode("hearth notebook recovery") };
  return subtle.deriveKey(how, material, AES, false, ["wrapKey", "unwrapKey"]);
}

async function wrap(dataKey, salt, wrapping, name) {
  const iv = random(IV);
  const how = { name: "AES-GCM", iv, additionalData: text.encode(`hearth notebook ${name}`) };
  const key = await subtle.wrapKey("raw", dataKey, wrapping, how);
  return { salt: toBase64(salt), iv: toBase64(iv), key: toBase64(key) };
}

// null if it does not open. Only a key that is to be wrapped anew is `extractable`.
async function unwrap(wrapped, wrapping, name, extractable) {
  const how = { name: "AES-GCM", iv: fromBase64(wrapped.iv), additionalData: text.encode(`hearth notebook ${name}`) };
  try {
    return await subtle.unwrapKey("raw", fromBase64(wrapped.key), wrapping, how, AES, extractable, ["encrypt", "decrypt"]);
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
}

export const newDataKey = () => subtle.generateKey(AES, true, ["encrypt", "decrypt"]);

export async function wrapByPassphrase(dataKey, passphrase) {
  const salt = random(SALT);
  return wrap(dataKey, salt, await keyOfPassphrase(passphrase, salt, ITERATIONS), "passphrase");
}

export async function unwrapByPassphrase(wrapped, passphrase, iterations, extractable = false) {
  const wrapping = await keyOfPassphrase(passphrase, fromBase64(wrapped.salt), iterations);
  return unwrap(wrapped, wrapping, "passphrase", extractable);
}

export async function wrapByCode(dataKey, code) {
  const salt = random(SALT);
  return wrap(dataKey, salt, await keyOfCode(readCode(code), salt), "recovery");
}

export async function unwrapByCode(wrapped, code, extractable = false) {
  return unwrap(wrapped, await keyOfCode(readCode(code), fromBase64(wrapped.salt)), "recovery", extractable);
}

// Eight groups of four, as it is printed.
export function newCode() {
  const letters = [...random(CODE_LENGTH)].map((byte) => CODE_LETTERS[byte & 31]).join("");
  return letters.match(/.{4}/g).join("-");
}

// The letters alone, read as kindly as can be: small letters, spaces, O for 0, I and L for 1. null if it is no code.
export function readCode(typed) {
  const letters = typed.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");
  const known = [...letters].every((letter) => CODE_LETTERS.includes(letter));
  return known && letters.length === CODE_LENGTH ? letters : null;
}

// `what` says which text this is: another id or version does not open.
export async function seal(dataKey, what, words) {
  const iv = random(IV);
  const how = { name: "AES-GCM", iv, additionalData: text.encode(what) };
  const ciphertext = await subtle.encrypt(how, dataKey, text.encode(words));
  return { iv: toBase64(iv), ciphertext: toBase64(ciphertext) };
}

export async function unseal(dataKey, what, sealed) {
  const how = { name: "AES-GCM", iv: fromBase64(sealed.iv), additionalData: text.encode(what) };
  return new TextDecoder().decode(await subtle.decrypt(how, dataKey, fromBase64(sealed.ciphertext)));
}
