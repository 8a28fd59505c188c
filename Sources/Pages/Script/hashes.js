// SHA-256 and SHA-512 (FIPS 180-4). Both take their constants from the same roots of primes, so that no table of
// figures has to be believed.

const primes = [];
for (let n = 2; primes.length < 80; n++) if (primes.every((prime) => n % prime)) primes.push(n);

/** Floor of the root, by Newton's method from above. */
const root = (value, degree) => {
  const k = BigInt(degree);
  let x = 1n << BigInt(Math.ceil(value.toString(2).length / degree));
  for (;;) {
    const next = ((k - 1n) * x + value / x ** (k - 1n)) / k;
    if (next >= x) return x;
    x = next;
  }
};

/** The first 64 bits behind the point of each prime's root, as pairs of 32. */
const fractions = (count, degree) => {
  const words = new Int32Array(2 * count);
  primes.slice(0, count).forEach((prime, index) => {
    const bits = BigInt.asUintN(64, root(BigInt(prime) << BigInt(64 * degree), degree));
    words[2 * index] = Number(bits >> 32n) | 0;
    words[2 * index + 1] = Number(bits & 0xffffffffn) | 0;
  });
  return words;
};

const start = fractions(8, 2);
const rounds = fractions(80, 3);

/** The message, a one bit, zeros, and its length in bits. */
const padded = (message, blockBytes) => {
  const count = Math.ceil((message.length + 1 + blockBytes / 8) / blockBytes) * blockBytes;
  const bytes = new Uint8Array(count);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(count - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(count - 4, (message.length << 3) >>> 0);
  return view;
};

const sha256 = (message) => {
  const view = padded(message, 64);
  const state = new Int32Array(8);
  for (let i = 0; i < 8; i++) state[i] = start[2 * i];
  const w = new Int32Array(64);
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + low + w[i - 7] + high) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + turned + ((e & f) ^ (~e & g)) + rounds[2 * i] + w[i]) | 0;
      const mixed = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (mixed + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + first) | 0;
      d = c; c = b; b = a; a = (first + second) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
  return bytesOfWords(state);
};

const bytesOfWords = (words) => {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  for (let index = 0; index < words.length; index++) view.setInt32(4 * index, words[index]);
  return new Uint8Array(view.buffer);
};

/** Words of 64 bits as pairs of 32: numbers that large would take long. */
const sha512 = (message) => {
  const view = padded(message, 128);
  const state = start.slice();
  const w = new Int32Array(160);
  const v = new Int32Array(16);
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 32; i++) w[i] = view.getInt32(at + 4 * i);
    for (let i = 32; i < 160; i += 2) {
      const xh = w[i - 30], xl = w[i - 29], yh = w[i - 4], yl = w[i - 3];
      const ah = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
      const al = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
      const bh = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
      const bl = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
      const low = (w[i - 31] >>> 0) + (al >>> 0) + (w[i - 13] >>> 0) + (bl >>> 0);
      w[i] = (w[i - 32] + ah + w[i - 14] + bh + Math.floor(low / 0x100000000)) | 0;
      w[i + 1] = low | 0;
    }
    v.set(state);
    for (let i = 0; i < 160; i += 2) {
      const eh = v[8], el = v[9], ah = v[0], al = v[1];
      const th = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
      const tl = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
      const ch = (eh & v[10]) ^ (~eh & v[12]), cl = (el & v[11]) ^ (~el & v[13]);
      const firstLow = (v[15] >>> 0) + (tl >>> 0) + (cl >>> 0) + (rounds[i + 1] >>> 0) + (w[i + 1] >>> 0);
      const firstHigh = (v[14] + th + ch + rounds[i] + w[i] + Math.floor(firstLow / 0x100000000)) | 0;
      const mh = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
      const ml = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
      const jh = (ah & v[2]) ^ (ah & v[4]) ^ (v[2] & v[4]), jl = (al & v[3]) ^ (al & v[5]) ^ (v[3] & v[5]);
      const secondLow = (ml >>> 0) + (jl >>> 0);
      const secondHigh = (mh + jh + Math.floor(secondLow / 0x100000000)) | 0;
      v.copyWithin(2, 0, 14);
      const newLow = (v[9] >>> 0) + ((firstLow | 0) >>> 0);
      v[8] = (v[8] + firstHigh + Math.floor(newLow / 0x100000000)) | 0;
      v[9] = newLow | 0;
      const sumLow = ((firstLow | 0) >>> 0) + ((secondLow | 0) >>> 0);
      v[0] = (firstHigh + secondHigh + Math.floor(sumLow / 0x100000000)) | 0;
      v[1] = sumLow | 0;
    }
    for (let i = 0; i < 16; i += 2) {
      const low = (state[i + 1] >>> 0) + (v[i + 1] >>> 0);
      state[i] = (state[i] + v[i] + Math.floor(low / 0x100000000)) | 0;
      state[i + 1] = low | 0;
    }
  }
  return bytesOfWords(state);
};
