import Core
import Cryptography

/// Findings about the records themselves: what is missing, late, corrected or erased.
struct RecordFindings {
    private let timeline: Timeline
    private let holding: [Timeline.Item]
    private let asOf: Instant

    init(_ timeline: Timeline, asOf: Instant) {
        self.timeline = timeline
        holding = timeline.holding
        self.asOf = asOf
    }

    var all: [Finding] { [gap, late, corrected, erased] }

    // MARK: Gaps

    private var gap: Finding {
        guard let first = holding.first, let last = holding.last else { return nothingRecorded(.recordGap) }
        let months = PlatformRules.recordGapMonths
        var ends = holding.dropFirst().map { (item: Optional($0), date: $0.date) }
        // A car that was scrapped or left the country has no more to tell.
        if !holding.contains(where: { $0.event.kind == .scrapped || $0.event.kind == .exportDone }) {
            ends.append((item: nil, date: max(asOf.dateInChina, last.date)))
        }
        let gaps = zip(holding, ends).filter { $0.date.adding(months: months) < $1.date }
        guard !gaps.isEmpty else {
            return Finding(
                .recordGap,
                .no,
                zh: "从第一条记录（\(first.date)）算起，没有超过 \(months) 个月的空白；更早的情况没有记录。",
                en: "Since the first record (\(first.date)) there is no gap of more than \(months) months; nothing is "
                    + "recorded of the time before.",
                evidence: [Evidence(first, .related), Evidence(last, .related)]
            )
        }
        let named = gaps.prefix(PlatformRules.mentionsMaximum)
        return Finding(
            .recordGap,
            .yes,
            zh: "超过 \(months) 个月没有任何记录的时段有 \(gaps.count) 段："
                + named.map { "\($0.date)至\($1.date)" }.joined(separator: "、")
                + "；车辆每隔一两年就要检验一次，说明有些经历没有人上报。",
            en: "Periods of more than \(months) months without any record: \(gaps.count) ("
                + named.map { "\($0.date) to \($1.date)" }.joined(separator: ", ")
                + "). Cars are inspected every year or two, so part of this car's life was not reported.",
            evidence: gaps.flatMap { before, end in [before, end.item].compactMap { $0 } }
                .map { Evidence($0, .proves) }
        )
    }

    // MARK: Late

    private var late: Finding {
        guard !holding.isEmpty else { return nothingRecorded(.recordedLate) }
        let days = PlatformRules.lateAfterDays
        let late = holding.filter(\.isRecordedLate)
        guard let worst = late.max(by: { $0.daysUntilRecorded < $1.daysUntilRecorded }) else {
            return Finding(
                .recordedLate,
                .no,
                zh: "没有事后补录：每条记录入账时，都没有晚它 \(days) 天以上的事情已经在账上。",
                en: "No entry was added behind the others: when it was recorded, nothing that happened more than "
                    + "\(days) days later was on record."
            )
        }
        return Finding(
            .recordedLate,
            .yes,
            zh: "有 \(late.count) 条记录是在更晚的事情入账之后才补录的，最久的晚了 \(worst.daysUntilRecorded) 天："
                + "\(mentions(late).zh)。",
            en: "Entries added when later events were on record already: \(late.count), the latest of them "
                + "\(worst.daysUntilRecorded) days after (\(mentions(late).en)).",
            evidence: late.map { Evidence($0, .proves) }
        )
    }

    // MARK: Corrected and erased

    private var corrected: Finding {
        guard !timeline.entries.isEmpty else { return nothingRecorded(.correctedEntries) }
        let corrections = timeline.entries.filter { $0.kind == .entryCorrected }
        let retractions = timeline.entries.filter { $0.kind == .entryRetracted }
        guard !corrections.isEmpty || !retractions.isEmpty else {
            return Finding(
                .correctedEntries,
                .no,
                zh: "没有记录被更正或撤回。",
                en: "No entry was corrected or retracted."
            )
        }
        let targets = Set((corrections + retractions).compactMap(\.corrects))
        return Finding(
            .correctedEntries,
            .yes,
            zh: "记录有过 \(corrections.count) 次更正、\(retractions.count) 次撤回；原来的内容和现在有效的内容都列在经历里。",
            en:
                "Corrections of entries: \(corrections.count); retractions: \(retractions.count). What they said "
                + "and what holds now both stand in the history.",
            evidence: timeline.entries.filter { targets.contains($0.hash) }.map { Evidence($0, .proves) }
                + (corrections + retractions).map { Evidence($0, .related) }
        )
    }

    private var erased: Finding {
        guard !timeline.entries.isEmpty else { return nothingRecorded(.erasedEntries) }
        let erased = timeline.entries.filter { $0.data == nil }
        guard !erased.isEmpty else {
            return Finding(
                .erasedEntries,
                .no,
                zh: "没有记录的内容被删除。",
                en: "The contents of every entry are still there."
            )
        }
        return Finding(
            .erasedEntries,
            .yes,
            zh: "有 \(erased.count) 条记录的内容已依法删除，说了什么已无从得知；记录本身仍在，少没少可以核验。",
            en:
                "Entries whose contents were erased as the law asks: \(erased.count). What they said is lost; the "
                + "entries themselves remain, so that it can be verified that none is missing.",
            evidence: erased.map { Evidence($0, .proves) }
                + timeline.entries.filter { $0.kind == .payloadErased }.map { Evidence($0, .related) }
        )
    }

    private func nothingRecorded(_ code: FindingCode) -> Finding {
        Finding(code, .notKnown, zh: "这辆车还没有任何记录。", en: "Nothing is recorded about this car yet.")
    }
}

extension Timeline.Item {
    /// Whole days between what happened and its entry.
    var daysUntilRecorded: Int64 {
        event.recordedAt.seconds(since: occurredAt).floorDivided(by: 86_400)
    }
}
