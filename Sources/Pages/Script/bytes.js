// Bytes and their texts. Whatever has two ways to be written is read in one of them only.

const encoder = new TextEncoder();
const utf8 = (text) => encoder.encode(text);

const joined = (...parts) => {
  const bytes = new Uint8Array(parts.reduce((count, part) => count + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (bytes) => {
  let text = '';
  for (const byte of bytes) text += hexDigits[byte];
  return text;
};

/** `null` for anything but lower-case digits in pairs. */
const fromHex = (text) => {
  if (!/^([0-9a-f]{2})*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(text.substr(2 * at, 2), 16);
  return bytes;
};

const base64 = (bytes) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** `null` for what `base64` would not have written. */
const fromBase64 = (text) => {
  if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  let bytes;
  try {
    const letters = atob(text);
    bytes = new Uint8Array(letters.length);
    for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  } catch {
    return null;
  }
  return base64(bytes) === text ? bytes : null;
};

const equal = (left, right) => left.length === right.length && left.every((byte, index) => byte === right[index]);

const bigEndian = (number, count) => {
  const bytes = new Uint8Array(count);
  for (let at = count - 1; at >= 0; at--) {
    bytes[at] = number % 256;
    number = Math.floor(number / 256);
  }
  return bytes;
};

/** `null` where it is beyond what a number holds exactly. */
const integerOf = (bytes) => {
  let number = 0;
  for (const byte of bytes) number = number * 256 + byte;
  return Number.isSafeInteger(number) ? number : null;
};

/** Digits without a sign and without leading zeros. */
const decimal = (text) => {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
};

/** Whether every surrogate stands in its pair: anything else is no Unicode. */
const isWellFormed = (text) => {
  if (!/[\ud800-\udfff]/.test(text)) return true;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    at += 1;
  }
  return true;
};

// JSON as RFC 8785 writes it, with integers alone.

const maximumDepth = 8;

const canonical = (value, depth = 1) => {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new RangeError('number');
    return String(value);
  }
  if (typeof value === 'string') {
    if (!isWellFormed(value)) throw new RangeError('surrogate');
    return JSON.stringify(value);
  }
  if (depth > maximumDepth) throw new RangeError('depth');
  if (Array.isArray(value)) return `[${value.map((element) => canonical(element, depth + 1)).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name], depth + 1)}`).join(',')}}`;
};

/** What a canonical text says: duplicates, white space, fractions or other escapes make it another text. */
const parseCanonical = (text) => {
  try {
    const value = JSON.parse(text);
    return canonical(value) === text ? value : null;
  } catch {
    return null;
  }
};

/** JSON as strangers send it, read strictly: no member twice, integers alone, whole characters, so deep and no deeper. */
const parseStrictly = (text, depthLimit) => {
  let at = 0;
  const fail = () => { throw new SyntaxError(`at ${at}`); };
  const space = /[ \t\r\n]*/y;
  const plain = /"[^"\\\u0000-\u001f]*/y;
  const number = /-?(?:0|[1-9]\d*)(?![\d.eE])/y;
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) fail();
    at += found[0].length;
    return found[0];
  };
  const skip = (mark) => {
    take(space);
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  const readString = () => {
    // By pieces: one expression over megabytes would run out of stack.
    const begin = at;
    take(plain);
    while (text[at] === '\\') {
      at += 2;
      while (at < text.length && text[at] !== '"' && text[at] !== '\\') at += 1;
    }
    at += 1;
    const value = JSON.parse(text.slice(begin, at));
    return isWellFormed(value) && !value.includes('\u0000') ? value : fail();
  };
  const read = (depth) => {
    take(space);
    if (text[at] === '"') return readString();
    if (skip('{')) {
      const object = Object.create(null);
      if (depth > depthLimit) fail();
      if (skip('}')) return object;
      do {
        take(space);
        const name = text[at] === '"' ? readString() : fail();
        if (name in object || !skip(':')) fail();
        object[name] = read(depth + 1);
      } while (skip(','));
      return skip('}') ? object : fail();
    }
    if (skip('[')) {
      const list = [];
      if (depth > depthLimit) fail();
      if (skip(']')) return list;
      do list.push(read(depth + 1)); while (skip(','));
      return skip(']') ? list : fail();
    }
    for (const [word, value] of [['null', null], ['true', true], ['false', false]]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    const value = Number(take(number));
    return Number.isSafeInteger(value) ? value : fail();
  };
  const value = read(1);
  take(space);
  return at === text.length ? value : fail();
};

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The data of a payload; `null` where the text is none. */
const payloadData = (text) => {
  const payload = parseCanonical(text);
  if (!isObject(payload) || Object.keys(payload).length !== 2 || !isObject(payload.data)) return null;
  return typeof payload.salt === 'string' && /^[0-9a-f]{32}$/.test(payload.salt) ? payload.data : null;
};
