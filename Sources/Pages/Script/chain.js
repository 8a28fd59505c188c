// The chain of one car's entries: every question that is asked of each of them, and the first that does not pass.

const chainChecks = [
  'encoding', 'vehicle', 'log', 'sequence', 'link', 'hash', 'time', 'payload', 'signature', 'reference', 'correction',
  'erasure',
];
const zeros = '0'.repeat(64);
const correcting = ['entry.corrected', 'entry.retracted'];

class ChainExamination {
  constructor(bundle) {
    this.bundle = bundle;
    this.faults = {};
    this.hashes = [];
    this.places = new Map();
    this.previous = zeros;
    this.lastRecorded = '';
    this.references = new Set();
    this.missing = new Map();
    this.sealed = [];
    this.used = new Set();
    this.claims = [];
    this.entries = [];
    bundle.entries.forEach((entry) => this.examine(entry));
    for (const places of this.missing.values()) places.forEach((place) => this.note('erasure', place));
    this.sealed.sort((left, right) => left.seq - right.seq);
  }

  /** Keeps the first fault of each check: the first in the chain, not the first to be noticed. */
  note(check, place, reason = null) {
    const known = this.faults[check];
    if (!known || place.seq < known.place.seq) this.faults[check] = { place, reason };
  }

  examine({ envelope: text, payload }) {
    const hash = hex(sha256(utf8(text)));
    const place = { seq: this.hashes.length, hash };
    try {
      const envelope = scanEnvelope(text);
      const digest = payload === null ? null : hex(sha256(utf8(payload)));
      const data = payload === null ? null : payloadData(payload);
      this.checkMembers(envelope, place, digest);
      this.checkPointers(envelope, place, payload, digest, data);
      if (payload === null) this.missing.set(hash, [...(this.missing.get(hash) || []), place]);
      if (envelope.key !== null && payload !== null) this.checkSignature(envelope, place, data);
      this.entries.push({ ...envelope, hash, data, payload });
    } catch (fault) {
      if (!(fault instanceof EnvelopeFault)) throw fault;
      this.note('encoding', place, fault);
    }
    this.hashes.push(hash);
    this.places.set(hash, place);
    this.previous = hash;
  }

  checkMembers(envelope, place, digest) {
    if (envelope.vin !== this.bundle.vin) this.note('vehicle', place);
    if (envelope.log !== this.bundle.log) this.note('log', place);
    if (envelope.seq !== place.seq) this.note('sequence', place);
    if (envelope.prev !== this.previous) this.note('link', place);
    if (digest !== null && envelope.payload !== digest) this.note('payload', place);
    if (envelope.recorded_at < this.lastRecorded) this.note('time', place);
    this.lastRecorded = envelope.recorded_at;
    // A line feed stands in neither text.
    const reference = `${envelope.source}\n${envelope.ref}`;
    if (this.references.has(reference)) this.note('reference', place);
    this.references.add(reference);
  }

  checkPointers(envelope, place, payload, digest, data) {
    if (envelope.corrects !== null || correcting.includes(envelope.kind)) {
      const isCorrection = correcting.includes(envelope.kind) && this.places.has(envelope.corrects);
      if (!isCorrection) this.note('correction', place);
    } else if (envelope.kind === 'payload.erased' && payload !== null && envelope.payload === digest) {
      const target = data && data.entry;
      if (typeof target !== 'string' || !this.places.has(target)) return this.note('erasure', place);
      this.sealed.push(...(this.missing.get(target) || []));
      this.missing.delete(target);
    }
  }

  /** A signature is over the data: a sealed entry's says nothing any more. */
  checkSignature(envelope, place, data) {
    const key = this.bundle.source_keys.find((known) => known.source === envelope.source && known.key === envelope.key);
    if (key) this.used.add(key);
    if (!key || !data) return this.note('signature', place);
    this.claims.push({
      place, message: statementOf(envelope, data), signature: fromBase64(envelope.sig), key: fromBase64(key.public_key),
    });
  }

  /** All at once: a browser that verifies by itself does so beside us. */
  async checkSignatures() {
    const good = await Promise.all(this.claims.map(({ message, signature, key }) => isSignedQuickly(message, signature, key)));
    this.claims.forEach(({ place }, at) => { if (!good[at]) this.note('signature', place); });
  }
}
