// edwards25519 (RFC 8032) with whole numbers, for signatures and for the VRF. Written out because Web Crypto has no
// points, is not there without TLS, and older phones lack its Ed25519: so every browser gives the same verdict.

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (number) => {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
};

const squared = (x, times) => {
  for (; times > 0; times--) x = x * x % P;
  return x;
};

/** x to the power 2^252 − 3, and x to the power 11 on the way. */
const powers = (x) => {
  const x2 = x * x % P;
  const x9 = squared(x2, 2) * x % P;
  const x11 = x9 * x2 % P;
  const a = x11 * x11 % P * x9 % P;
  const b = squared(a, 5) * a % P;
  const c = squared(b, 10) * b % P;
  const d = squared(c, 20) * c % P;
  const e = squared(d, 10) * b % P;
  const f = squared(e, 50) * e % P;
  const g = squared(f, 100) * f % P;
  const h = squared(g, 50) * e % P;
  return { root: squared(h, 2) * x % P, x11, h };
};

const inverse = (x) => {
  const { x11, h } = powers(mod(x));
  return squared(h, 5) * x11 % P;
};

const D = mod(-121665n * inverse(121666n));
const D2 = mod(2n * D);
/** A root of −1. */
const I = (() => {
  const { root: quarter } = powers(2n);
  return mod(quarter * quarter * 2n);
})();

const numberOf = (bytes) => BigInt(`0x${hex(bytes.slice().reverse())}`);
const bytesOf = (number) => fromHex(number.toString(16).padStart(64, '0')).reverse();

/** A point: x = X/Z, y = Y/Z, xy = T/Z. */
const point = (X, Y, Z, T) => ({ X, Y, Z, T });
const identity = point(0n, 1n, 1n, 0n);

/** As the second summand: what every addition of it would compute again. */
const cached = (p) => ({ minus: p.Y - p.X, plus: p.Y + p.X, Z2: 2n * p.Z, Td: p.T * D2 % P });
const negated = (c) => ({ minus: c.plus, plus: c.minus, Z2: c.Z2, Td: -c.Td });

const add = (p, c) => {
  const a = (p.Y - p.X) * c.minus % P;
  const b = (p.Y + p.X) * c.plus % P;
  const t = p.T * c.Td % P;
  const z = p.Z * c.Z2 % P;
  const e = b - a, f = z - t, g = z + t, h = b + a;
  return point(e * f % P, g * h % P, f * g % P, e * h % P);
};

const doubled = (p) => {
  const a = p.X * p.X % P;
  const b = p.Y * p.Y % P;
  const s = p.X + p.Y;
  const e = s * s % P - a - b;
  const g = b - a;
  const f = g - 2n * p.Z * p.Z % P;
  const h = -a - b;
  return point(e * f % P, g * h % P, f * g % P, e * h % P);
};

/** `null` for what is not the one way to write a point of the curve. */
const pointOf = (bytes) => {
  const number = numberOf(bytes);
  const y = number & (1n << 255n) - 1n;
  const isOdd = number >> 255n;
  if (bytes.length !== 32 || y >= P) return null;
  const u = mod(y * y - 1n);
  const v = mod(D * y % P * y + 1n);
  const v3 = v * v % P * v % P;
  let x = u * v3 % P * powers(u * v3 % P * v3 % P * v % P).root % P;
  const check = v * x % P * x % P;
  if (check !== u) {
    if (check !== mod(-u)) return null;
    x = x * I % P;
  }
  if (x === 0n && isOdd) return null;
  if ((x & 1n) !== isOdd) x = P - x;
  return point(x, y, 1n, x * y % P);
};

const encoded = (p) => {
  const z = inverse(p.Z);
  return bytesOf(mod(p.Y * z) | (mod(p.X * z) & 1n) << 255n);
};

const isIdentity = (p) => mod(p.X) === 0n && mod(p.Y - p.Z) === 0n;

/** Digits −8 to 7 of base 16, the lowest first. */
const digits = (scalar) => {
  const list = [];
  for (let carry = 0; scalar > 0n || carry; scalar >>= 4n) {
    const digit = Number(scalar & 15n) + carry;
    carry = digit > 7 ? 1 : 0;
    list.push(digit - 16 * carry);
  }
  return list;
};

const eight = (p) => {
  const table = [cached(p)];
  for (let sum = p; table.length < 8;) table.push(cached(sum = add(sum, table[0])));
  return table;
};

const addDigit = (sum, table, digit) => {
  if (digit === 0) return sum;
  return add(sum, digit > 0 ? table[digit - 1] : negated(table[-digit - 1]));
};

/** A point and its multiples. One that is multiplied often gets a table of them, which spares all doublings. */
class Base {
  constructor(p) {
    this.eight = eight(p);
    this.point = p;
    this.uses = 0;
  }

  times(scalar) {
    this.uses += 1;
    const list = digits(scalar);
    if (this.uses > 3) return this.byTable(list);
    let sum = identity;
    for (let at = list.length - 1; at >= 0; at--) {
      if (at < list.length - 1) sum = doubled(doubled(doubled(doubled(sum))));
      sum = addDigit(sum, this.eight, list[at]);
    }
    return sum;
  }

  byTable(list) {
    if (!this.table) {
      this.table = [this.eight];
      for (let p = this.point; this.table.length < 65;) {
        p = doubled(doubled(doubled(doubled(p))));
        this.table.push(eight(p));
      }
    }
    return list.reduce((sum, digit, at) => addDigit(sum, this.table[at], digit), identity);
  }
}

const minus = (left, right) => add(left, negated(cached(right)));

const B = new Base(pointOf(Uint8Array.from({ length: 32 }, (_, at) => (at ? 0x66 : 0x58))));

/** Keys that were met, by their bytes; `null` for what is no key. */
const bases = new Map();
const baseOf = (bytes) => {
  const name = hex(bytes);
  if (!bases.has(name)) {
    const p = bytes.length === 32 ? pointOf(bytes) : null;
    bases.set(name, p && new Base(p));
  }
  return bases.get(name);
};

const isSigned = (message, signature, key) => {
  const base = baseOf(key);
  if (!base || signature.length !== 64) return false;
  const s = numberOf(signature.subarray(32));
  if (s >= L) return false;
  const k = numberOf(sha512(joined(signature.subarray(0, 32), key, message))) % L;
  return equal(encoded(minus(B.times(s), base.times(k))), signature.subarray(0, 32));
};

/** The browser's own keys, by their bytes: `null` where it has no Ed25519, or no Web Crypto at all. */
const nativeKeys = new Map();
const nativeKeyOf = (bytes) => {
  const name = hex(bytes);
  if (!nativeKeys.has(name)) {
    const subtle = globalThis.crypto && globalThis.crypto.subtle;
    const made = subtle ? subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']).catch(() => null) : null;
    nativeKeys.set(name, Promise.resolve(made));
  }
  return nativeKeys.get(name);
};

/** The same as `isSigned`, by the browser's own code where it has any: fifty of ours take a tenth of a second. */
const isSignedQuickly = async (message, signature, key) => {
  const native = await nativeKeyOf(key);
  if (!native) return isSigned(message, signature, key);
  return globalThis.crypto.subtle.verify('Ed25519', native, signature, message).catch(() => false);
};

// ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, suite 3).

/** A point of the prime-order group other than the identity. */
const groupPoint = (bytes) => {
  const p = bytes.length === 32 ? pointOf(bytes) : null;
  return p && !isIdentity(p) && isIdentity(new Base(p).times(L)) ? p : null;
};

const timesCofactor = (p) => doubled(doubled(doubled(p)));

/** Try and increment: the first counter whose hash is a point. */
const hashToCurve = (key, input) => {
  for (let counter = 0; counter < 256; counter++) {
    const hash = sha512(joined([3, 1], key, input, [counter, 0]));
    const p = pointOf(hash.subarray(0, 32));
    const h = p && timesCofactor(p);
    if (h && !isIdentity(h)) return h;
  }
  return null;
};

/** The 64 bytes of output; `null` for whatever is no proof for this input under this key. */
const vrfOutput = (proof, input, key) => {
  if (proof.length !== 80) return null;
  const gamma = groupPoint(proof.subarray(0, 32));
  const y = groupPoint(key);
  const s = numberOf(proof.subarray(48));
  if (!gamma || !y || s >= L) return null;
  const h = hashToCurve(key, input);
  if (!h) return null;
  const c = numberOf(proof.subarray(32, 48));
  const u = minus(B.times(s), new Base(y).times(c));
  const v = minus(new Base(h).times(s), new Base(gamma).times(c));
  const challenge = sha512(joined([3, 2], key, encoded(h), proof.subarray(0, 32), encoded(u), encoded(v), [0]));
  if (!equal(challenge.subarray(0, 16), proof.subarray(32, 48))) return null;
  return sha512(joined([3, 3], encoded(timesCofactor(gamma)), [0]));
};
