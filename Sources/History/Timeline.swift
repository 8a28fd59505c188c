package import Core
package import Cryptography

/// One entry of a car's history, read back.
package struct RecordedEvent: Sendable, Hashable {
    package let seq: Int64
    package let hash: Digest
    package let kind: VehicleEventKind
    package let occurredAt: Instant
    package let recordedAt: Instant
    /// `org_…`
    package let source: String
    package let ref: String
    /// `nil` where the payload was erased.
    package let data: JSON?
    /// The entry that this one corrects or retracts.
    package let corrects: Digest?

    package init(
        seq: Int64,
        hash: Digest,
        kind: VehicleEventKind,
        occurredAt: Instant,
        recordedAt: Instant,
        source: String,
        ref: String,
        data: JSON?,
        corrects: Digest? = nil
    ) {
        self.seq = seq
        self.hash = hash
        self.kind = kind
        self.occurredAt = occurredAt
        self.recordedAt = recordedAt
        self.source = source
        self.ref = ref
        self.data = data
        self.corrects = corrects
    }
}

/// The current view of a car's life: every event about the car, with what has been said about it since.
///
/// Nothing is left out: a corrected event stands here with both what it said and what holds now, a retracted one with
/// nothing that holds, an erased one sealed. Findings read only what holds.
package struct Timeline: Sendable {
    package struct Item: Sendable, Hashable {
        package let event: RecordedEvent
        package let standing: Standing
        /// What holds now; `nil` where nothing does, or nobody can read it any more.
        package let data: JSON?
        /// When it happened, as it holds now.
        package let occurredAt: Instant
        /// Whether it was added when later events were on record already: a buyer may have relied on those alone.
        package fileprivate(set) var isRecordedLate = false
    }

    package enum Standing: Sendable, Hashable {
        case stands
        case corrected(by: Digest, reason: String)
        case retracted(by: Digest, reason: String)
        case sealed
    }

    /// By when it happened, then by when it was recorded.
    package let items: [Item]
    /// Every entry, corrections and erasures included, as recorded.
    package let entries: [RecordedEvent]

    /// - Parameter entries: a whole chain, by `seq`.
    package init(_ entries: [RecordedEvent]) {
        self.entries = entries
        let verdicts = Verdicts(entries)
        let told = entries.filter { !$0.kind.pointsAtEntry }.map { verdicts.item(for: $0) }
        items = Timeline.markingLate(told)
            .sorted { ($0.occurredAt, $0.event.seq) < ($1.occurredAt, $1.event.seq) }
    }

    /// - Parameter items: in the order in which they were recorded.
    private static func markingLate(_ items: [Item]) -> [Item] {
        var newest: Instant?
        return items.map { item in
            var item = item
            let behindSeconds = newest.map { $0.seconds(since: item.occurredAt) } ?? 0
            item.isRecordedLate = behindSeconds > PlatformRules.lateAfterDays * 86_400
            newest = max(newest ?? item.occurredAt, item.occurredAt)
            return item
        }
    }

    /// Items whose content holds: corrected ones with their corrected content, retracted and sealed ones left out.
    package var holding: [Item] {
        items.filter { $0.data != nil }
    }
}

/// The corrections and retractions of a chain, by the entry that they point at.
private struct Verdicts {
    private var corrections: [Digest: [RecordedEvent]] = [:]
    private var retractions: [Digest: RecordedEvent] = [:]

    init(_ entries: [RecordedEvent]) {
        for entry in entries {
            guard let target = entry.corrects else { continue }
            switch entry.kind {
            case .entryCorrected: corrections[target, default: []].append(entry)
            case .entryRetracted: retractions[target] = entry
            default: continue
            }
        }
    }

    func item(for event: RecordedEvent) -> Timeline.Item {
        if let retraction = retractions[event.hash] {
            return item(event, .retracted(by: retraction.hash, reason: reason(of: retraction)), data: nil)
        }
        // A correction that was retracted itself no longer counts; of those that do, the last one holds.
        if let correction = corrections[event.hash]?.last(where: { retractions[$0.hash] == nil }) {
            let standing = Timeline.Standing.corrected(by: correction.hash, reason: reason(of: correction))
            let time = correction.data?["occurred_at"]?.stringValue.flatMap(Instant.init(rfc3339:))
            return item(event, standing, data: correction.data?["data"], occurredAt: time)
        }
        return item(event, event.data == nil ? .sealed : .stands, data: event.data)
    }

    private func item(
        _ event: RecordedEvent,
        _ standing: Timeline.Standing,
        data: JSON?,
        occurredAt: Instant? = nil
    ) -> Timeline.Item {
        Timeline.Item(event: event, standing: standing, data: data, occurredAt: occurredAt ?? event.occurredAt)
    }

    private func reason(of entry: RecordedEvent) -> String {
        entry.data?["reason"]?.stringValue ?? ""
    }
}
