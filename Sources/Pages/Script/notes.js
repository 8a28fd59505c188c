// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), and whose word is asked for.

const noteLimit = 1000000;
const signatureLimit = 100;
const isNoteName = (name) => name !== '' && utf8(name).length <= 256 && !/[\p{White_Space}\p{Cc}+]/u.test(name);

/** `name+keyid+BASE64`; `null` for another algorithm, or an id that is not the key's. */
const parseVerifierKey = (text) => {
  const parts = text.match(/^([^+]*)\+([^+]*)\+(.*)$/s);
  const bytes = parts && fromBase64(parts[3]);
  if (!bytes || bytes.length !== 33 || (bytes[0] !== 1 && bytes[0] !== 4)) return null;
  const key = verifierKey(parts[1], bytes[0], bytes.subarray(1));
  return key && key.id === parts[2] ? key : null;
};

const verifierKey = (name, algorithm, bytes) => {
  if (!isNoteName(name)) return null;
  const id = hex(sha256(joined(utf8(name), [10, algorithm], bytes)).subarray(0, 4));
  return { name, algorithm, bytes, id };
};

/** `null` for what no note is. */
const parseNote = (text) => {
  if (utf8(text).length > noteLimit || /[^\n\u0020-\u{10ffff}]/u.test(text) || !text.endsWith('\n')) return null;
  const end = text.lastIndexOf('\n\n');
  if (end < 1) return null;
  const signatures = text.slice(end + 2).split('\n').slice(0, -1).map(parseSignature);
  if (!signatures.length || signatures.length > signatureLimit || signatures.includes(null)) return null;
  return { text: text.slice(0, end + 1), signatures };
};

const parseSignature = (line) => {
  const parts = line.match(/^\u2014 ([^ ]*) ([^ ]*)$/);
  const bytes = parts && isNoteName(parts[1]) ? fromBase64(parts[2]) : null;
  return bytes && bytes.length > 4 ? { name: parts[1], id: hex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) } : null;
};

const parseCheckpoint = (text) => {
  const lines = text.split('\n');
  const size = lines.length > 3 ? decimal(lines[1]) : null;
  const treeRoot = size === null ? null : fromBase64(lines[2]);
  if (lines.pop() !== '' || lines.includes('') || !treeRoot || treeRoot.length !== 32) return null;
  return { origin: lines[0], size, root: treeRoot };
};

const isSignedNote = (note, signature, key) => {
  if (key.algorithm === 1) return isSigned(utf8(note.text), signature.bytes, key.bytes);
  const seconds = signature.bytes.length === 72 ? integerOf(signature.bytes.subarray(0, 8)) : null;
  if (seconds === null) return false;
  return isSigned(utf8(`cosignature/v1\ntime ${seconds}\n${note.text}`), signature.bytes.subarray(8), key.bytes);
};

/**
 * The keys whose signatures are good. Lines of unknown keys are passed over, and so is a second line of the same key;
 * one bad signature of a known key voids the note: the answer is `null`.
 */
const signersOf = (note, keys) => {
  const found = [];
  for (const signature of note.signatures) {
    const key = keys.find((known) => known.name === signature.name && known.id === signature.id);
    if (!key || found.includes(key)) continue;
    if (!isSignedNote(note, signature, key)) return null;
    found.push(key);
  }
  return found;
};

/** The log's keys for its notes of one kind: the same key signs the vehicle index, under the name of that. */
const logKeys = (policy, origin, suffix = '') => policy.logs.map(parseVerifierKey)
  .filter((key) => key && key.name === origin)
  .map((key) => verifierKey(origin + suffix, 1, key.bytes));

const witnessKeys = (policy) => policy.witnesses.map((witness) => ({ name: witness.name, key: parseVerifierKey(witness.key) }));

/** Whether so many of the witnesses have signed as the quorum wants. */
const satisfies = (policy, witnesses, signers) => {
  if (policy.quorum === null) return true;
  const names = new Set(witnesses.filter((witness) => signers.includes(witness.key)).map((witness) => witness.name));
  for (const group of policy.groups) {
    if (group.members.filter((member) => names.has(member)).length >= group.threshold) names.add(group.name);
  }
  return names.has(policy.quorum);
};

/** What a note says, and what is wrong with its signatures. */
const examineNote = (text, origin, keys) => {
  const note = parseNote(text);
  if (!note) return { note: null, checkpoint: null, fault: 'malformed' };
  const signers = signersOf(note, keys);
  const claimed = parseCheckpoint(note.text);
  const checkpoint = claimed && claimed.origin === origin ? claimed : null;
  const fault = signers === null ? 'bad' : signers.length ? (checkpoint ? null : 'malformed') : 'unknown';
  return { note, checkpoint, fault };
};
