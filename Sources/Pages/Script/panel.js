// The panel: fetches the proof, verifies it here, and says of every check how it came out.

const panel = document.getElementById('checks');
const seal = document.getElementById('seal');
const isChinese = document.documentElement.lang.startsWith('zh');
const say = (zh, en) => (isChinese ? zh : en);
const wordsOf = (text) => (isChinese ? text.zh : text.en);
const marks = { passed: '✓', sealed: '◌', failed: '✗', unchecked: '?', newer: '↻', waiting: '…' };

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const showSeal = (state, title, text) => {
  seal.className = `seal ${state}`;
  seal.replaceChildren(make('strong', '', title), make('p', '', text));
};

const outcomeWords = {
  passed: ['通过', 'passed'], sealed: ['已封存', 'sealed'], failed: ['未通过', 'failed'], unchecked: ['无法核对', 'not checked'],
  newer: ['有新记录', 'newer entries'], waiting: ['稍后再验', 'wait'],
};

const showVerdicts = (verdicts) => {
  const list = make('ul', 'checks');
  for (const { check, outcome, zh, en, place } of verdicts) {
    const line = make('li', outcome);
    line.dataset.check = check;
    const mark = make('span', 'mark', marks[outcome]);
    mark.setAttribute('role', 'img');
    mark.setAttribute('aria-label', say(...outcomeWords[outcome]));
    line.append(mark, make('span', '', say(zh, en)));
    const shown = place && document.getElementById(`e-${place.hash}`);
    if (shown) {
      const link = make('a', '', say('看这条', 'See it'));
      link.href = `#${shown.id}`;
      line.append(' ', link);
    }
    list.append(line);
  }
  panel.replaceChildren(list);
};

/** Beside every event: whether it stands in what was verified, and the very text that was hashed. */
const showOriginals = (chain, bad) => {
  const entries = new Map(chain.entries.map((entry) => [entry.hash, entry]));
  for (const shown of document.querySelectorAll('.event')) {
    const entry = entries.get(hashOf(shown));
    const isBad = bad.some(({ place }) => place && place.hash === hashOf(shown));
    const state = isBad ? 'failed' : entry ? 'passed' : 'waiting';
    const words = { failed: ['未通过核验', 'Not verified'], passed: ['账本原文，哈希已核对', 'As in the ledger, hash checked'],
      waiting: ['尚未被日志覆盖', 'Not covered by the log yet'] }[state];
    shown.classList.add(`is-${state}`);
    const details = make('details', 'original');
    details.append(make('summary', '', `${marks[state]} ${say(...words)}`));
    if (entry) {
      const said = entry.payload === null ? say('内容已依法删除', 'The payload was erased') : JSON.stringify(entry.data, null, 1);
      details.append(make('pre', '', `${said}\n\n${entry.source} · ${entry.ref}\n${say('入账', 'recorded')} ${entry.recorded_at}\n${entry.hash}`));
    }
    shown.append(details);
  }
};

const readAll = async (answer) => {
  const reading = answer.body.getReader();
  const parts = [];
  for (let count = 0; ;) {
    const { done, value } = await reading.read();
    if (done) return joined(...parts);
    count += value.length;
    // More than any bundle has: what never ends is not waited for.
    if (count > bundleLimits.bytes) {
      reading.cancel();
      return new Uint8Array(bundleLimits.bytes + 1);
    }
    parts.push(value);
  }
};

const fetchProof = async () => {
  const answer = await fetch(panel.dataset.proof, { credentials: 'omit', headers: { Accept: 'application/json' }, redirect: 'error' });
  if (answer.ok) return readAll(answer);
  if (answer.status === 429) throw new Error(say('您的网络查询过于频繁，请稍后再试', 'Too many requests from your network: try again later'));
  throw new Error(say(`服务器没有给出证明（${answer.status}）`, `The server gave no proof (${answer.status})`));
};

const isSound = ({ outcome }) => outcome === 'passed' || outcome === 'sealed';

const conclude = (verdicts, milliseconds) => {
  const count = verdicts.length;
  const how = say(`${count} 项全部在您的设备上重新计算，用时 ${milliseconds} 毫秒，不靠平台的一面之词。`,
    `All ${count} checks were computed on your own device, in ${milliseconds} ms, without taking the platform's word.`);
  const last = verdicts[count - 1];
  if (verdicts.every(isSound)) {
    const isEmpty = document.querySelector('.event') === null && textOf(document, '#count') === '0';
    const words = isEmpty ? say('已核验：日志里没有这辆车的记录', 'Verified: the log has no entry of this car') : wordsOf(summaryOf(verdicts));
    if (isEmpty) return showSeal('empty', words, say('没有记录不等于没有问题。', 'No entry does not mean no problem. ') + how);
    return showSeal('passed', words, say('这说的是记录没有被动过，车况请看下面的内容。', 'This is about the records; what they say of the car stands below. ') + how);
  }
  if (verdicts.slice(0, -1).every(isSound) && (last.outcome === 'newer' || last.outcome === 'waiting')) {
    return showSeal('waiting', wordsOf(last), how);
  }
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed').length;
  const words = wordsOf(summaryOf(verdicts)).replace(/[0-9a-f]{64}/g, (hash) => `${hash.slice(0, 12)}…`);
  showSeal('failed', words, say(`${failed} 项未通过。请不要依据本页的内容做决定，并把本页网址告诉平台和买卖双方。`,
    `${failed} failed. Do not decide by what this page shows, and tell the platform and both parties its address.`));
};

const run = async (triesLeft) => {
  const { keys, vin, asOf, lateDays } = panel.dataset;
  const bytes = await fetchProof();
  const begin = performance.now();
  const result = await verify(bytes, JSON.parse(keys));
  const verdicts = result.verdicts.slice();
  if (result.bundle) verdicts.push(compareShown(document, result, { vin, asOf, lateDays: Number(lateDays) }));
  const milliseconds = performance.now() - begin;
  // What was recorded a moment ago, a correction too, has its place in the log within a second.
  const isBehind = result.bundle && Number(textOf(document, '#count').replace(/,/g, '')) > result.chain.hashes.length;
  if (isBehind && triesLeft > 0) {
    await new Promise((wake) => { setTimeout(wake, 1200); });
    return run(triesLeft - 1);
  }
  showVerdicts(verdicts);
  if (result.chain) showOriginals(result.chain, verdicts.filter(({ outcome }) => outcome === 'failed'));
  conclude(verdicts, Math.round(milliseconds));
  panel.dataset.milliseconds = milliseconds.toFixed(1);
  panel.dataset.state = verdicts.every(isSound) ? 'genuine' : 'refused';
};

const begin = () => {
  showSeal('waiting', say('正在您的设备上核验…', 'Verifying on your device…'), say('取来证明，逐条重新计算哈希与签名。', 'Fetching the proof; every hash and signature is computed again.'));
  delete panel.dataset.state;
  // One frame later, so that one sees that it has begun.
  setTimeout(() => run(2).catch((error) => {
    const isOurs = error instanceof Error && error.constructor === Error;
    const why = isOurs ? error.message : say('无法取得或计算证明，请检查网络', 'The proof could not be fetched or computed; look at your connection');
    showSeal('failed', say('没有核验', 'Not verified'), `${why}${say('。在此之前，请把本页当作未经核验。', '. Until then take this page for unverified.')}`);
    const again = make('button', '', say('再试一次', 'Try again'));
    again.type = 'button';
    again.addEventListener('click', begin);
    seal.append(again);
    panel.dataset.state = 'unverified';
  }), 30);
};

if (panel && seal) begin();
globalThis.chexinVerifier = { verify, isSigned, fromHex };
