// What the page shows, held against what was verified. The words of an event are the platform's; its day, kind, source,
// reading and standing are the entry's, and are looked at as they stand on the page.

const pointing = [...correcting, 'payload.erased'];
const dayInChina = (milliseconds) => new Date(milliseconds + 8 * 3600000).toISOString().slice(0, 10);
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
const kilometres = (data) => (data && Number.isSafeInteger(data.odometer_km) ? data.odometer_km : null);

/** The events of a car in the order in which they happened, with what later entries said of each. */
const timelineOf = (entries, lateAfterDays) => {
  const corrections = new Map();
  const retracted = new Set();
  for (const entry of entries) {
    if (entry.kind === 'entry.retracted') retracted.add(entry.corrects);
    if (entry.kind === 'entry.corrected') corrections.set(entry.corrects, [...(corrections.get(entry.corrects) || []), entry]);
  }
  let newest = -Infinity;
  return entries.filter(({ kind }) => !pointing.includes(kind)).map((entry) => {
    const correction = (corrections.get(entry.hash) || []).filter(({ hash }) => !retracted.has(hash)).pop();
    const isRetracted = retracted.has(entry.hash);
    const corrected = !isRetracted && correction ? correction.data || {} : null;
    const data = isRetracted ? null : corrected ? corrected.data : entry.data;
    const at = Date.parse((corrected && corrected.occurred_at) || entry.occurred_at);
    const isLate = Math.floor((newest - at) / 1000) > lateAfterDays * 86400;
    newest = Math.max(newest, at);
    const standing = isRetracted ? 'retracted' : corrected ? 'corrected' : entry.data === null ? 'erased' : 'stands';
    return { entry, at, isLate, standing, day: dayInChina(at), km: kilometres(data) };
  }).sort((left, right) => left.at - right.at || left.entry.seq - right.entry.seq);
};

/** The hash of the entry that an event on the page says it is. */
const hashOf = (shown) => shown.id.slice(2);

const textOf = (parent, selector) => {
  const part = parent.querySelector(selector);
  return part ? part.textContent.trim() : '';
};

/** What of an event on the page is not as in its entry: in words, or `null`. */
const differenceOf = (shown, item) => {
  if (hashOf(shown) !== item.entry.hash) return ['显示的不是这条记录，或次序不同', 'another entry is shown in its place'];
  if (textOf(shown, 'time') !== item.day) return [`日期显示为 ${textOf(shown, 'time')}，记录为 ${item.day}`, `the day shown is ${textOf(shown, 'time')}, recorded is ${item.day}`];
  if (shown.dataset.kind !== item.entry.kind) return ['事件种类与记录不符', 'the kind of event is not that of the entry'];
  if (shown.dataset.source !== item.entry.source) return ['来源与记录不符', 'the source is not that of the entry'];
  const km = textOf(shown, '.km').replace(/[^0-9,]/g, '');
  const recorded = item.km === null ? '' : grouped(item.km);
  if (km !== recorded) return [`里程显示为 ${km || '无'}，记录为 ${recorded || '无'}`, `the odometer shown is ${km || 'none'}, recorded is ${recorded || 'none'}`];
  const marks = ['late', 'corrected', 'retracted', 'erased'].filter((name) => shown.querySelector(`.badge.${name}`));
  const due = [item.isLate ? 'late' : null, item.standing === 'stands' ? null : item.standing].filter(Boolean);
  return marks.join() === due.join() ? null : ['“晚到、更正、撤回、删除”的标记与记录不符', 'the marks (late, corrected, retracted, erased) are not those of the entry'];
};

const shownVerdict = (outcome, zh, en, place) => verdict('shown', outcome, zh, en, place);

/** Entries on the page that the log does not cover yet: they stand at its end, and were recorded a moment ago. */
const waitingOf = (events, chain, count) => {
  const known = new Set(chain.hashes);
  const unknown = events.filter((shown) => !known.has(hashOf(shown)));
  return count > chain.hashes.length && unknown.every((shown) => Number(shown.dataset.seq) >= chain.hashes.length) ? unknown : [];
};

/**
 * @param page `{vin, asOf, lateDays}`: what the page says of itself.
 */
const compareShown = (root, { bundle, chain }, page) => {
  if (bundle.vin !== page.vin) return shownVerdict('failed', `这份证明属于另一辆车（${bundle.vin}）`, `This proof is about another car (${bundle.vin})`);
  const count = Number(textOf(root, '#count').replace(/,/g, ''));
  const events = Array.from(root.querySelectorAll('.event'));
  const waiting = waitingOf(events, chain, count);
  const settled = events.filter((shown) => !waiting.includes(shown));
  const items = timelineOf(chain.entries, page.lateDays);
  const newer = chain.entries.filter((entry) => entry.seq >= count);
  if (newer.length) {
    if (newer.every((entry) => entry.recorded_at > page.asOf)) {
      return shownVerdict('newer', `本页打开后又新增 ${newer.length} 条记录，请刷新页面`, `Entries were added after this page was opened (${newer.length}): reload it`);
    }
    return shownVerdict('failed', `本页少了 ${newer.length} 条记录，例如第 ${newer[0].seq + 1} 条`, `The page leaves out entries (${newer.length}), such as number ${newer[0].seq + 1}`, { seq: newer[0].seq, hash: newer[0].hash });
  }
  if (!root.querySelector('#timeline')) return compareHead(root, chain, count);
  if (settled.length !== items.length) {
    return shownVerdict('failed', `时间线显示 ${settled.length} 个事件，记录中有 ${items.length} 个`, `The timeline shows ${settled.length} events, and there are ${items.length}`);
  }
  for (const [at, item] of items.entries()) {
    const words = differenceOf(settled[at], item);
    if (words) return shownVerdict('failed', `本页显示的内容与核验过的记录不同：第 ${item.entry.seq + 1} 条，${words[0]}`, `What the page shows is not what was verified: entry ${item.entry.seq + 1}: ${words[1]}`, { seq: item.entry.seq, hash: item.entry.hash });
  }
  const reading = differentReading(root, items);
  if (reading) return shownVerdict('failed', `里程图中 ${reading} 的读数与核验过的记录不同`, `A reading in the chart, of ${reading}, is not as it was verified`);
  if (waiting.length || count > chain.hashes.length) {
    const left = count - chain.hashes.length;
    return shownVerdict('waiting', `最新的 ${left} 条记录已入链，日志的检查点尚未覆盖，稍后再核验`, `The newest entries (${left}) are chained, and the log's checkpoint does not cover them yet: verify again in a moment`);
  }
  return compareHead(root, chain, count, items);
};

const differentReading = (root, items) => {
  const known = new Map(items.map((item) => [item.entry.hash.slice(0, 12), item]));
  for (const row of root.querySelectorAll('[data-reading]')) {
    const item = known.get(row.dataset.reading);
    const day = textOf(row, 'th');
    if (item && (day !== item.day || textOf(row, '.figure').replace(/[^0-9,]/g, '') !== grouped(item.km))) return day;
  }
  return null;
};

const compareHead = (root, chain, count, items = null) => {
  const head = root.querySelector('#head');
  const last = chain.hashes[chain.hashes.length - 1] || '';
  const day = textOf(root, '#last time');
  if (count !== chain.hashes.length || (head && head.textContent.replace(/\s/g, '') !== last)) {
    return shownVerdict('failed', '本页的记录条数或最新哈希与核验过的记录不同', 'The number of entries on the page, or the newest hash, is not as it was verified');
  }
  if (items && items.length && day !== items[items.length - 1].day) {
    return shownVerdict('failed', '本页的最近事件日期与核验过的记录不同', 'The day of the last event on the page is not as it was verified');
  }
  if (!items && count) {
    return shownVerdict('passed', '本页的记录条数与最新哈希，和核验过的一致', 'The number of entries and the newest hash on this page are those that were verified');
  }
  return shownVerdict('passed', count ? '本页显示的事件、日期、里程、来源与标记，和核验过的记录逐条一致' : '本页没有显示任何记录，日志里也没有',
    count ? 'The events, days, readings, sources and marks on this page are those that were verified, entry by entry' : 'The page shows no entry, and the log has none');
};
