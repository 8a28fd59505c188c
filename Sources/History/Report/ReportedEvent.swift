package import Core
import Cryptography
package import Web

/// One event of a car's life as a report shows it: what it says, who says so, and what has become of it since.
package struct ReportedEvent: Sendable, Hashable {
    package let item: Timeline.Item
    /// What holds now, or that nothing does.
    package let sentence: LocalizedText
    package let source: ReportedSource
    package let standing: ReportedStanding
}

/// Who reported an event: an organisation, never a person.
package struct ReportedSource: Sendable, Hashable {
    /// `org_…`
    package let id: String
    /// `nil` where the organisation is not known here.
    package let role: Role?
    package let name: String?

    /// "4S 店甲（维修企业）"
    package var label: LocalizedText {
        guard let role, let name else { return LocalizedText(zh: "来源不明", en: "unknown source") }
        let kind = PlainWords.name(of: role)
        return LocalizedText(zh: "\(name)（\(kind.zh)）", en: "\(name) (\(kind.en))")
    }

    package var json: JSON {
        [
            "id": JSON(id),
            "role": .optional(role) { JSON($0.rawValue) },
            "name": .optional(name, JSON.string),
            "label": label.bothLanguages,
        ]
    }
}

/// What has been said about an event since it was recorded.
package struct ReportedStanding: Sendable, Hashable {
    package let state: State
    /// `nil` where the event stands as it was recorded.
    package let sentence: LocalizedText?
    /// What the event said before; `nil` where it still says it, or where that was erased.
    package let before: LocalizedText?
    /// The entry that corrected, retracted or erased it.
    package let by: RecordedEvent?

    package enum State: String, Sendable, Hashable, CaseIterable {
        case stands
        case corrected
        case retracted
        case erased
    }

    package var json: JSON {
        [
            "state": JSON(state.rawValue),
            "by": .optional(by) { JSON($0.hash.hex) },
            "sentence": .optional(sentence, \.bothLanguages),
            "before": .optional(before, \.bothLanguages),
        ]
    }
}

extension ReportedEvent {
    package var json: JSON {
        [
            "entry": JSON(item.event.hash.hex),
            "seq": .integer(item.event.seq),
            "kind": JSON(item.event.kind.rawValue),
            "name": PlainWords.name(of: item.event.kind).bothLanguages,
            "date": JSON(item.date),
            "occurred_at": JSON(item.occurredAt),
            "recorded_at": JSON(item.event.recordedAt),
            "recorded_late": .bool(item.isRecordedLate),
            "odometer_km": .optional(item.facts.odometerKm, JSON.integer),
            "sentence": sentence.bothLanguages,
            "source": source.json,
            "standing": standing.json,
        ]
    }
}

// MARK: - Telling

/// Tells the events of a timeline, and what later entries did to them.
struct ReportTeller {
    private let entries: [Digest: RecordedEvent]
    /// The entry that erased another, by the hash of that other.
    private let erasures: [String: RecordedEvent]
    private let source: (String) -> (role: Role, name: String)?

    init(_ timeline: Timeline, source: @escaping (String) -> (role: Role, name: String)?) {
        entries = Dictionary(timeline.entries.map { ($0.hash, $0) }) { first, _ in first }
        erasures = Dictionary(
            timeline.entries.filter { $0.kind == .payloadErased }
                .compactMap { entry in EventFacts(data: entry.data).text("entry").map { ($0, entry) } }
        ) { first, _ in first }
        self.source = source
    }

    func event(_ item: Timeline.Item) -> ReportedEvent {
        let known = source(item.event.source)
        return ReportedEvent(
            item: item,
            sentence: sentence(item),
            source: ReportedSource(id: item.event.source, role: known?.role, name: known?.name),
            standing: standing(item)
        )
    }

    private func sentence(_ item: Timeline.Item) -> LocalizedText {
        if let data = item.data { return EventSentence.text(item.event.kind, data, on: item.date) }
        let name = PlainWords.name(of: item.event.kind)
        return if case .retracted = item.standing {
            LocalizedText(
                zh: "\(item.date)，一条“\(name.zh)”记录，已被撤回，不再算数。",
                en: "\(item.date): An entry (\(name.en)) that was retracted and counts no more."
            )
        } else {
            LocalizedText(
                zh: "\(item.date)，一条“\(name.zh)”记录，内容已依法删除，无从得知。",
                en: "\(item.date): An entry (\(name.en)) whose contents were erased as the law asks."
            )
        }
    }

    private func standing(_ item: Timeline.Item) -> ReportedStanding {
        switch item.standing {
        case .stands: ReportedStanding(state: .stands, sentence: nil, before: nil, by: nil)
        case .corrected(let hash, let reason): changed(item, .corrected, by: entries[hash], reason)
        case .retracted(let hash, let reason): changed(item, .retracted, by: entries[hash], reason)
        case .sealed: erased(item)
        }
    }

    private func changed(
        _ item: Timeline.Item,
        _ state: ReportedStanding.State,
        by entry: RecordedEvent?,
        _ reason: String
    ) -> ReportedStanding {
        let day = entry?.recordedAt.dateInChina
        let (zhVerb, enVerb) = state == .corrected ? ("更正", "corrected") : ("撤回", "retracted")
        let because = withoutPersonalNumbers(reason)
        return ReportedStanding(
            state: state,
            sentence: LocalizedText(
                zh: (day.map { "\($0)" } ?? "") + "由来源\(zhVerb)" + (because.isEmpty ? "。" : "，理由：\(because)。"),
                en: "It was \(enVerb)" + (day.map { " on \($0)" } ?? "")
                    + (because.isEmpty ? "." : "; reason: \(because).")
            ),
            before: item.event.data.map {
                EventSentence.text(item.event.kind, $0, on: item.event.occurredAt.dateInChina)
            },
            by: entry
        )
    }

    private func erased(_ item: Timeline.Item) -> ReportedStanding {
        let entry = erasures[item.event.hash.hex]
        let ground = EventFacts(data: entry?.data).word("ground")
        let day = entry?.recordedAt.dateInChina
        return ReportedStanding(
            state: .erased,
            sentence: LocalizedText(
                zh: (day.map { "\($0)" } ?? "") + "依法删除内容" + (ground.map { "，依据：\($0.zh)" } ?? "") + "。",
                en: "Its contents were erased" + (day.map { " on \($0)" } ?? "")
                    + (ground.map { "; ground: \($0.en)" } ?? "") + "."
            ),
            before: nil,
            by: entry
        )
    }
}
