// What is said of each check, as everything of ours says it: the verifier for the command line has the same words.

const chainWords = {
  encoding: ['每条记录都是第 1 版的规范格式', 'Every entry is in the canonical form of version 1',
    '不是第 1 版的规范格式', 'It is not in the canonical form of version 1'],
  vehicle: ['所有记录都属于这辆车', 'All entries are about this vehicle', '属于另一辆车', 'It is about another vehicle'],
  log: ['所有记录都属于这个账本', 'All entries belong to this log', '属于另一个账本', 'It belongs to another log'],
  sequence: ['记录编号从 0 起连续，没有缺号', 'The entries are numbered from 0 without a gap',
    '编号与位置不符，记录有缺失、重复或调换', 'Its number is not its place: entries are missing, repeated or swapped'],
  link: ['每条记录都接在前一条之后', 'Every entry holds the hash of the one before it',
    '没有接在前一条记录之后', 'It does not hold the hash of the entry before it'],
  hash: ['保存的哈希与记录内容一致', 'The hashes that were kept are those of the entries',
    '内容与保存的哈希不符', 'Its content is not that of the hash that was kept'],
  time: ['入账时间从不倒退', 'The times of recording never go back',
    '入账时间早于前一条记录', 'It was recorded before the entry that precedes it'],
  payload: ['现存内容与记录中的摘要一致', 'Every payload that is there matches its entry',
    '内容与记录中的摘要不符', 'Its payload does not match the digest in the entry'],
  signature: ['现存内容上的来源签名全部有效', 'Every source\'s signature on a payload that is there is valid',
    '来源签名无效，或没有该来源的这把公钥', 'The source\'s signature is not valid, or the source has no such key'],
  reference: ['同一来源的业务编号没有重复', 'No source used the same reference twice',
    '与更早的记录使用了同一来源的同一业务编号', 'Its source used the same reference in an earlier entry'],
  correction: ['更正与撤回都指向更早的记录', 'Corrections and retractions point at earlier entries',
    '更正或撤回没有指向本车更早的记录，或其他类型的记录带有更正指向',
    'It does not name an earlier entry to correct or retract, or names one without being a correction'],
  erasure: ['缺少的内容都有删除记录可查', 'Every payload that is missing was erased on record',
    '内容缺失而没有删除记录，或删除记录没有指明更早的记录',
    'Its payload is missing and not erased on record, or it records an erasure of no earlier entry'],
};

const faultWords = (fault) => {
  if (!fault.member) return ['不是单独一个 JSON 对象', 'it is not exactly one JSON object'];
  return fault.isMisplaced
    ? [`在规范次序中应为成员 ${fault.member} 的位置上没有该成员`,
      `the member ${fault.member} is not where the canonical order puts it`]
    : [`成员 ${fault.member} 的值不符合格式`, `the value of the member ${fault.member} is not allowed`];
};

const placeWords = ({ seq, hash }) => [`seq ${seq}（哈希 ${hash}）：`, `seq ${seq} (hash ${hash}): `];

const verdict = (check, outcome, zh, en, place = null) => ({ check, outcome, zh, en, place });
const unchecked = (check) => verdict(check, 'unchecked',
  '所依据的内容未通过核验，此项无法核对', 'What this rests on has failed, so that it cannot be checked');

const chainVerdict = (check, fault) => {
  const [zh, en, zhBad, enBad] = chainWords[check];
  if (!fault) return verdict(`chain_${check}`, 'passed', zh, en);
  const [zhPlace, enPlace] = placeWords(fault.place);
  const [zhWhy, enWhy] = fault.reason ? faultWords(fault.reason) : [null, null];
  return verdict(`chain_${check}`, 'failed', zhPlace + zhBad + (zhWhy ? `：${zhWhy}` : ''),
    enPlace + enBad + (enWhy ? `: ${enWhy}` : ''), fault.place);
};

const sealedVerdict = (place) => {
  const [zh, en] = placeWords(place);
  return verdict('sealed', 'sealed', `${zh}已封存，内容已依法删除，摘要与链仍可核验`,
    `${en}sealed, payload erased; digest and chain still verify`, place);
};

const noteVerdict = (check, zhSubject, enSubject, origin, { checkpoint, fault }) => {
  const say = (outcome, zh, en) => verdict(check, outcome, `${zhSubject}${zh}`, `The ${enSubject} ${en}`);
  if (!fault) return say('passed', `由 ${origin} 签名，覆盖 ${checkpoint.size} 条`, `is signed by ${origin}, for ${checkpoint.size} entries`);
  if (fault === 'bad') {
    return verdict(check, 'failed', `${zhSubject}的签名无效：内容或签名被改动`,
      `The signature of the ${enSubject} is not valid: it or what it signs was altered`);
  }
  if (fault === 'unknown') return say('failed', '没有已知日志公钥的签名', 'is not signed by a key of the log that you know');
  return say('failed', '无法读取，或不属于这个日志', 'cannot be read, or is of another log');
};

const isGenuine = (verdicts) => verdicts.every(({ outcome }) => outcome === 'passed' || outcome === 'sealed');

const summaryOf = (verdicts) => {
  const bad = verdicts.find(({ outcome }) => outcome === 'failed') || verdicts.find(({ outcome }) => outcome === 'unchecked');
  if (bad) return { zh: `不可信：${bad.zh}`, en: `Not to be trusted: ${bad.en}` };
  const isSealed = verdicts.some(({ outcome }) => outcome === 'sealed');
  return {
    zh: `真实、未改动且完整${isSealed ? '；部分内容已依法删除' : ''}`,
    en: `Genuine, unchanged and complete${isSealed ? '; some payloads were erased' : ''}`,
  };
};
