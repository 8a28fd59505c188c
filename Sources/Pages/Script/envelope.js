// The envelope of an entry, version 1. Its canonical form fixes every byte but the values: each member is expected where
// it must stand, so that whatever is read is canonical.

class EnvelopeFault extends Error {
  constructor(member, isMisplaced) {
    super(member || 'object');
    this.member = member;
    this.isMisplaced = isMisplaced;
  }
}

/** 1 to 128 characters that can be seen, without a space at either end. */
const isVisibleText = (text) => {
  const count = Array.from(text).length;
  return count >= 1 && count <= 128 && !/^ | $/.test(text)
    && !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(text);
};

const isTime = (text) => {
  const parts = text.match(/^(\d{4})-(\d\d)-(\d\d)T(\d\d):([0-5]\d):([0-5]\d)\.\d{3}Z$/);
  if (!parts) return false;
  const [year, month, day, hour] = parts.slice(1).map(Number);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] || 0;
  return day >= 1 && day <= days && hour < 24;
};

const patterns = {
  hash: /[0-9a-f]{64}/y,
  kind: /(?=.{1,64}")[a-z]+(\.[a-z_]+)?(?=")/y,
  // No valid one is longer, with every character escaped.
  text: /(?:[^"\\]|\\["\\]){0,600}/y,
  time: /[^"]{24}/y,
  number: /(0|[1-9]\d{0,15})(?!\d)/y,
  signature: /[A-Za-z0-9+/]{85}[AQgw]==/y,
  vin: /[A-HJ-NPR-Z0-9]{17}/y,
};

class EnvelopeScanner {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  skips(literal) {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  expect(member, literal) {
    if (!this.skips(literal)) throw new EnvelopeFault(member, true);
  }

  value(member, pattern, isValid = () => true) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found || !isValid(found[0])) throw new EnvelopeFault(member, false);
    this.at += found[0].length;
    return found[0];
  }

  quoted(member, pattern, isValid) {
    const value = this.value(member, pattern, isValid);
    if (!this.skips('"')) throw new EnvelopeFault(member, false);
    return value;
  }

  visible(member) {
    return this.quoted(member, patterns.text, (raw) => isVisibleText(raw.replace(/\\(.)/g, '$1'))).replace(/\\(.)/g, '$1');
  }

  optional(name, read) {
    if (!this.skips(`"${name}":"`)) return null;
    const value = read();
    if (!this.skips(',')) throw new EnvelopeFault('kind', true);
    return value;
  }
}

/** Throws an `EnvelopeFault`. */
const scanEnvelope = (text) => {
  const scanner = new EnvelopeScanner(text);
  const at = (name, read) => {
    scanner.expect(name, `,"${name}":"`);
    return read(name);
  };
  const hash = (name) => scanner.quoted(name, patterns.hash);
  const time = (name) => scanner.quoted(name, patterns.time, isTime);
  const visible = (name) => scanner.visible(name);
  if (!scanner.skips('{')) throw new EnvelopeFault(null, false);
  const envelope = {};
  envelope.corrects = scanner.optional('corrects', () => hash('corrects'));
  envelope.key = scanner.optional('key', () => visible('key'));
  scanner.expect('kind', '"kind":"');
  envelope.kind = scanner.quoted('kind', patterns.kind);
  envelope.log = at('log', visible);
  envelope.occurred_at = at('occurred_at', time);
  envelope.payload = at('payload', hash);
  envelope.prev = at('prev', hash);
  envelope.recorded_at = at('recorded_at', time);
  envelope.ref = at('ref', visible);
  scanner.expect('seq', ',"seq":');
  envelope.seq = Number(scanner.value('seq', patterns.number, (digits) => decimal(digits) !== null));
  envelope.sig = envelope.key === null ? null : at('sig', () => scanner.quoted('sig', patterns.signature));
  envelope.source = at('source', visible);
  scanner.expect('v', ',"v":');
  if (!scanner.skips('1')) throw new EnvelopeFault('v', false);
  scanner.expect('vin', ',"vin":"');
  envelope.vin = scanner.quoted('vin', patterns.vin);
  if (!scanner.skips('}') || scanner.at !== text.length) throw new EnvelopeFault(null, false);
  return envelope;
};

/** What the source signed: all that it knew before the platform gave the entry its place. */
const statementOf = (envelope, data) => utf8(canonical({
  data,
  kind: envelope.kind,
  log: envelope.log,
  occurred_at: envelope.occurred_at,
  ref: envelope.ref,
  source: envelope.source,
  vin: envelope.vin,
}, 1));
