// A proof bundle, and the verdict on every question that it answers. Nothing but the keys is taken on trust.

const bundleLimits = { bytes: 16 << 20, entries: 20000, sourceKeys: 1000 };

class BundleFault extends Error {
  constructor(zh, en) {
    super(en);
    Object.assign(this, { zh, en });
  }
}

const member = (name) => new BundleFault(`成员 ${name} 缺失或不合格式`, `The member ${name} is missing, or not in its format`);

const only = (json, names) => {
  const unknown = Object.keys(json).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new BundleFault(`证明包没有成员 ${unknown}`, `A proof bundle has no member ${unknown}`);
  return json;
};

const textIn = (json, name) => {
  if (typeof json[name] !== 'string') throw member(name);
  return json[name];
};

const hashIn = (text) => (typeof text === 'string' && text.length === 64 ? fromHex(text) : null);

/** Base64 of hashes; `null` where one is none. */
const hashesIn = (list, limit) => {
  if (!Array.isArray(list) || list.length > limit) return null;
  const hashes = list.map((text) => (typeof text === 'string' && text.length === 44 ? fromBase64(text) : null));
  return hashes.every((hash) => hash && hash.length === 32) ? hashes : null;
};

const entryOf = (json) => {
  if (!isObject(json)) throw member('entries');
  const { envelope, payload, leaf_index: index, inclusion } = only(json, ['envelope', 'payload', 'leaf_index', 'inclusion']);
  if (typeof envelope !== 'string' || (payload !== null && typeof payload !== 'string')) throw member('entries');
  if (index === null && inclusion === null) return { envelope, payload, leaf: null };
  const hashes = hashesIn(inclusion, 63);
  if (!Number.isSafeInteger(index) || !hashes) throw member('entries');
  return { envelope, payload, leaf: { index, hashes } };
};

const neighbourOf = (json) => {
  if (json === null) return null;
  const { vehicle, count, head } = isObject(json) ? only(json, ['vehicle', 'count', 'head']) : {};
  const [car, newest] = [hashIn(vehicle), hashIn(head)];
  if (!car || !newest || !Number.isSafeInteger(count)) throw member('completeness/neighbour');
  return { vehicle: car, count, head: newest };
};

const sourceKeysOf = (json) => {
  if (!isObject(json) || Object.keys(json).length > bundleLimits.sourceKeys) throw member('source_keys');
  return Object.keys(json).map((key) => {
    if (!isObject(json[key])) throw member('source_keys');
    const { source, public_key: text } = only(json[key], ['source', 'public_key']);
    const bytes = typeof text === 'string' ? fromBase64(text) : null;
    if (typeof source !== 'string' || !bytes || bytes.length !== 32) throw member('source_keys');
    return { source, key, public_key: text };
  });
};

const bundleMembers = ['format', 'vin', 'checkpoint', 'vehicles', 'entries', 'completeness', 'source_keys'];

/** Takes hostile bytes; throws a `BundleFault`. */
const parseBundle = (bytes, format) => {
  if (bytes.length > bundleLimits.bytes) throw new BundleFault('文件过大，最多 16 MiB', 'The file is too large: at most 16 MiB');
  let json;
  try {
    json = parseStrictly(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), 4);
  } catch {
    throw new BundleFault('文件不是合法的 JSON，或已被截断', 'The file is no valid JSON, or was cut short');
  }
  if (!isObject(json) || json.format !== format) {
    throw new BundleFault(`文件不是 ${format} 格式的证明包`, `The file is no proof bundle of the format ${format}`);
  }
  only(json, bundleMembers);
  const [vin, checkpoint, vehicles] = ['vin', 'checkpoint', 'vehicles'].map((name) => textIn(json, name));
  if (!Array.isArray(json.entries) || json.entries.length > bundleLimits.entries) throw member('entries');
  const entries = json.entries.map(entryOf);
  if (!isObject(json.completeness)) throw member('completeness');
  const { vrf_proof: proof, path, neighbour } = only(json.completeness, ['vrf_proof', 'path', 'neighbour']);
  const vrfProof = typeof proof === 'string' ? fromHex(proof) : null;
  if (!vrfProof) throw member('completeness/vrf_proof');
  const siblings = hashesIn(path, 256);
  if (!siblings) throw member('completeness/path');
  return {
    vin, checkpoint, vehicles, entries, vrfProof, siblings, neighbour: neighbourOf(neighbour), source_keys: sourceKeysOf(json.source_keys),
  };
};

// The tree (RFC 6962) and the vehicle index.

const node = (left, right) => sha256(joined([1], left, right));

/** The root that a tree must have where the leaf stands in that place; `null` for another number of hashes. */
const inclusionRoot = (leaf, { index, hashes }, size) => {
  if (index < 0 || index >= size) return null;
  const rest = hashes.slice();
  const walk = (from, to) => {
    if (to - from === 1) return leaf;
    let width = 1;
    while (width * 2 < to - from) width *= 2;
    const middle = from + width;
    // The siblings come from the leaf upward: the last is the highest.
    const sibling = rest.pop();
    if (!sibling) return null;
    const inside = index < middle ? walk(from, middle) : walk(middle, to);
    return inside && (index < middle ? node(inside, sibling) : node(sibling, inside));
  };
  const result = walk(0, size);
  return rest.length ? null : result;
};

const bit = (key, at) => (key[at >> 3] >> (7 - (at & 7))) & 1;
const headHash = ({ vehicle, count, head }) => sha256(joined([0], vehicle, bigEndian(count, 8), head));

/** From a leaf of the index, or from nothing, up to its root. */
const climb = (leaf, vehicle, siblings) => {
  // A car or nothing beside nothing is no node: the path would be longer than it must be.
  if (siblings.length > 256 || (siblings.length && siblings[0].every((byte) => byte === 0))) return null;
  return siblings.reduce((hash, sibling, height) => (
    bit(vehicle, siblings.length - 1 - height) ? node(sibling, hash) : node(hash, sibling)
  ), leaf);
};

const absenceRoot = (vehicle, siblings, neighbour) => {
  if (siblings.length > 256) return null;
  if (!neighbour) return climb(new Uint8Array(32), vehicle, siblings);
  const isBeside = siblings.every((_, at) => bit(neighbour.vehicle, at) === bit(vehicle, at));
  return equal(neighbour.vehicle, vehicle) || !isBeside ? null : climb(headHash(neighbour), vehicle, siblings);
};

// The verdicts, in the order of a report.

const sourceKeysVerdict = (bundle, used) => {
  const names = bundle.source_keys.map((key) => `${key.source}\n${key.key}\n${key.public_key}`);
  if (new Set(names).size !== names.length || used.size !== names.length) {
    return verdict('source_keys', 'failed', '证明包中有多余或重复的来源公钥',
      'The bundle has a source\'s key that nothing in it is signed with, or the same key twice');
  }
  return verdict('source_keys', 'passed', `用到来源公钥 ${used.size} 把，其中 0 把由您的密钥文件确认，其余以平台登记为准`,
    `Keys of sources in use: ${used.size}, of which your file of keys confirms 0; the others are as the platform states them`);
};

const witnessVerdict = (note, policy) => {
  if (!note) return verdict('witnesses', 'unchecked', '检查点无法读取，未能核对见证方', 'The checkpoint cannot be read');
  const witnesses = witnessKeys(policy);
  const signers = signersOf(note, witnesses.map(({ key }) => key));
  if (!signers) return verdict('witnesses', 'failed', '见证方签名无效', 'A witness\'s signature is not valid');
  if (!satisfies(policy, witnesses, signers)) {
    return verdict('witnesses', 'failed', `见证方签名不足：仅有 ${signers.length} 个`, `Too few witnesses have signed: ${signers.length}`);
  }
  const names = signers.map(({ name }) => name).join(', ');
  return verdict('witnesses', 'passed', signers.length ? `见证方已共同签名：${names}` : '策略不要求见证方',
    signers.length ? `Witnesses have signed, too: ${names}` : 'The policy asks for no witness');
};

const vehicleVerdict = (vehicle) => (vehicle
  ? verdict('vehicle_key', 'passed', '车辆标识由车架号唯一确定，VRF 证明有效',
    'The vehicle key is the only one for this VIN: its VRF proof is valid')
  : verdict('vehicle_key', 'failed', '车辆标识的 VRF 证明无效：标识不属于这个车架号',
    'The VRF proof is not valid: the vehicle key is not that of this VIN'));

const inclusionVerdict = (bundle, hashes, vehicle, checkpoint) => {
  if (!vehicle || !checkpoint) return unchecked('inclusion');
  // The newest has to be proven; behind those that are not, none may be: each binds the one before it.
  const proven = bundle.entries.filter(({ leaf }) => leaf).length;
  const newest = bundle.entries.slice(bundle.entries.length - proven);
  const isProven = newest.every(({ leaf }, at) => {
    if (!leaf || (at > 0 && leaf.index <= newest[at - 1].leaf.index)) return false;
    const hash = sha256(joined([0], vehicle, fromHex(hashes[hashes.length - proven + at])));
    const treeRoot = inclusionRoot(hash, leaf, checkpoint.size);
    return treeRoot && equal(treeRoot, checkpoint.root);
  }) && (proven > 0 || !hashes.length);
  if (!isProven) {
    return verdict('inclusion', 'failed', '有记录不在已签名的日志树中', 'An entry is not in the tree that the log has signed');
  }
  const bound = hashes.length - proven;
  return verdict('inclusion', 'passed',
    `日志树（${checkpoint.size} 条）包含最新的 ${proven} 条记录${bound ? `；更早的 ${bound} 条由哈希链固定在其中` : ''}`,
    `The tree of ${checkpoint.size} entries holds the newest of this car (${proven})`
      + (bound ? `; those before them (${bound}) are fixed by the chain of hashes` : ''));
};

const indexSizeVerdict = (checkpoint, index) => {
  if (!checkpoint || !index) return unchecked('index_size');
  if (index.size > checkpoint.size) {
    return verdict('index_size', 'failed', `车辆索引（至第 ${index.size} 条）超前于日志（${checkpoint.size} 条）`,
      `The vehicle index (${index.size}) is ahead of the log (${checkpoint.size})`);
  }
  return verdict('index_size', 'passed', `车辆索引覆盖日志前 ${index.size} 条，日志共 ${checkpoint.size} 条`,
    `The vehicle index covers ${index.size} of the ${checkpoint.size} entries of the log`);
};

/** Entries that came after the index was made stand behind its size in the tree. */
const completenessVerdict = (bundle, hashes, vehicle, index) => {
  if (!vehicle || !index) return unchecked('completeness');
  const count = hashes.length - bundle.entries.filter(({ leaf }) => leaf && leaf.index >= index.size).length;
  const present = () => (bundle.neighbour ? null
    : climb(headHash({ vehicle, count, head: fromHex(hashes[count - 1]) }), vehicle, bundle.siblings));
  const indexRoot = count > 0 ? present() : absenceRoot(vehicle, bundle.siblings, bundle.neighbour);
  if (!indexRoot || !equal(indexRoot, index.root)) {
    return verdict('completeness', 'failed', '记录不完整：车辆索引登记的条数或最新记录与此不符',
      'The history is not complete: the vehicle index has more or fewer entries, or another newest one');
  }
  return verdict('completeness', 'passed',
    count ? `截至日志第 ${index.size} 条，这辆车恰有 ${count} 条记录，一条不少` : `截至日志第 ${index.size} 条，这辆车没有记录`,
    count ? `As of entry ${index.size} of the log there are exactly ${count} about this car: none is left out`
      : `As of entry ${index.size} of the log there is none about this car`);
};

/**
 * One verdict for every check, and what was read on the way; of what is no bundle, the one verdict that says why.
 *
 * @param keys `{format, policy, vrf}`: what is taken on trust.
 */
const verify = async (bytes, keys) => {
  let bundle;
  try {
    bundle = parseBundle(bytes, keys.format);
  } catch (fault) {
    if (!(fault instanceof BundleFault)) throw fault;
    return { verdicts: [verdict('format', 'failed', fault.zh, fault.en)], bundle: null, chain: null };
  }
  const { policy } = keys;
  // What the checkpoint says, as long as that is a log that one knows.
  const known = policy.logs.map(parseVerifierKey).filter((key) => key).map(({ name }) => name);
  bundle.log = known.find((name) => name === bundle.checkpoint.split('\n', 1)[0]) || known[0] || '';
  const indexOrigin = `${bundle.log}/vehicles`;
  const chain = new ChainExamination(bundle);
  const signatures = chain.checkSignatures();
  const checkpoint = examineNote(bundle.checkpoint, bundle.log, logKeys(policy, bundle.log));
  const index = examineNote(bundle.vehicles, indexOrigin, logKeys(policy, bundle.log, '/vehicles'));
  const output = vrfOutput(bundle.vrfProof, utf8(bundle.vin), fromHex(keys.vrf));
  const vehicle = output && output.subarray(0, 32);
  await signatures;
  const verdicts = [
    verdict('format', 'passed', '证明包格式正确', 'The proof bundle is well formed'),
    ...chainChecks.map((check) => chainVerdict(check, chain.faults[check])),
    ...chain.sealed.map(sealedVerdict),
    sourceKeysVerdict(bundle, chain.used),
    noteVerdict('checkpoint_signature', '检查点', 'checkpoint', bundle.log, checkpoint),
    witnessVerdict(checkpoint.note, policy),
    vehicleVerdict(vehicle),
    inclusionVerdict(bundle, chain.hashes, vehicle, checkpoint.checkpoint),
    noteVerdict('index_signature', '车辆索引', 'vehicle index', indexOrigin, index),
    indexSizeVerdict(checkpoint.checkpoint, index.checkpoint),
    completenessVerdict(bundle, chain.hashes, vehicle, index.checkpoint),
  ];
  return { verdicts, bundle, chain, checkpoint: checkpoint.checkpoint };
};
