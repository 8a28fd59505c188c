package import Core
package import Cryptography

/// One question that a buyer should ask of a car, with the answer that the car's records give and what proves it.
package struct Finding: Sendable, Hashable {
    package let code: FindingCode
    /// `no` only where somebody who could know said so; silence is `not_known`.
    package let state: TriState
    package let severity: Severity
    /// One sentence that needs no knowledge of the trade.
    package let sentence: LocalizedText
    package let evidence: [Evidence]

    package enum Severity: String, Sendable, Hashable, CaseIterable {
        case critical
        case warning
        case information
    }

    init(
        _ code: FindingCode,
        _ state: TriState,
        severity: Severity? = nil,
        zh: String,
        en: String,
        evidence: [Evidence] = []
    ) {
        self.code = code
        self.state = state
        self.severity = severity ?? code.severity(of: state)
        sentence = LocalizedText(zh: zh, en: en)
        self.evidence = evidence
    }
}

/// An entry that a finding rests on, with what of it counts.
package struct Evidence: Sendable, Hashable {
    package let entry: Digest
    package let kind: VehicleEventKind
    /// When it happened, in China.
    package let date: CalendarDate
    package let odometerKm: Int64?
    package let part: Part

    /// What the entry does in the argument.
    package enum Part: String, Sendable, Hashable, CaseIterable {
        /// It says yes, or makes it so.
        case proves
        /// It says no.
        case denies
        /// It belongs to the question and settles nothing.
        case related
        /// The highest reading before a fall.
        case peak
        /// A reading that is lower than one before it.
        case lower
        /// A reading that its neighbours contradict.
        case contradicted
        /// The reading before one that no car could reach in the time.
        case before
        /// The reading that no car could reach in the time.
        case tooFast = "too_fast"
    }

    init(_ item: Timeline.Item, _ part: Part) {
        entry = item.event.hash
        kind = item.event.kind
        date = item.occurredAt.dateInChina
        odometerKm = item.facts.odometerKm
        self.part = part
    }

    init(_ event: RecordedEvent, _ part: Part) {
        entry = event.hash
        kind = event.kind
        date = event.occurredAt.dateInChina
        odometerKm = nil
        self.part = part
    }

    init(_ reading: OdometerReading, _ part: Part) {
        entry = reading.entry
        kind = reading.kind
        date = reading.date
        odometerKm = reading.km
        self.part = part
    }
}

// MARK: - JSON

extension Finding {
    package var json: JSON {
        [
            "code": JSON(code.rawValue),
            "state": JSON(state.rawValue),
            "severity": JSON(severity.rawValue),
            "label": code.label.bothLanguages,
            "sentence": sentence.bothLanguages,
            "sources": .array(code.sources.map(\.json)),
            "evidence": .array(evidence.map(\.json)),
        ]
    }
}

extension Evidence {
    package var json: JSON {
        [
            "entry": JSON(entry.hex),
            "kind": JSON(kind.rawValue),
            "date": JSON(date),
            "odometer_km": .optional(odometerKm, JSON.integer),
            "part": JSON(part.rawValue),
        ]
    }
}

extension LocalizedText {
    /// Both languages side by side, so that a stored report can be read by whoever opens it.
    var bothLanguages: JSON {
        ["zh": JSON(zh), "en": JSON(en)]
    }
}
