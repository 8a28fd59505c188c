package import Core
import Cryptography
package import Web

/// Everything that is known about a car, in words that a buyer understands. Pure: it reads a timeline and a day.
///
/// Nothing about a person is in it. Events hold no names, and long numbers and plates that somebody wrote into a text
/// against the rules are masked.
package struct VehicleReport: Sendable {
    package let vin: VIN
    package let asOf: Instant
    package let identity: VehicleIdentity
    package let headline: Headline
    /// What weighs most first.
    package let findings: [Finding]
    package let owners: Owners
    package let odometer: OdometerSeries
    /// Every event, in the order in which it happened, whatever has become of it.
    package let events: [ReportedEvent]
    /// How many entries the chain has, and its last: what the report rests on.
    package let entryCount: Int
    package let head: RecordedEvent?

    /// How often a car changed hands, as far as anybody said.
    package struct Owners: Sendable, Hashable {
        package let recordedTransfers: Int
        /// The highest count that a registration stated; it may know of transfers that nobody reported here.
        package let statedTransfers: Int64?
    }

    /// - Parameter source: who stands behind a source's id; `nil` where it is not known.
    package init(
        vin: VIN,
        timeline: Timeline,
        asOf: Instant,
        source: (String) -> (role: Role, name: String)?
    ) {
        self.vin = vin
        self.asOf = asOf
        identity = VehicleIdentity(timeline)
        odometer = OdometerSeries(timeline)
        findings = Findings.all(timeline, odometer, asOf: asOf)
        headline = Headline(findings, isEmpty: timeline.entries.isEmpty)
        let transfers = timeline.holding.filter { $0.event.kind == .ownershipTransferred }
        owners = Owners(
            recordedTransfers: transfers.count,
            statedTransfers: transfers.compactMap { $0.facts.integer("transfer_count") }.max()
        )
        events = withoutActuallyEscaping(source) { source in
            let teller = ReportTeller(timeline, source: source)
            return timeline.items.map(teller.event)
        }
        entryCount = timeline.entries.count
        head = timeline.entries.last
    }

    /// Questions that nobody has answered: what a buyer has to ask the seller.
    package var notReported: [FindingCode] {
        findings.filter { $0.state == .notKnown }.map(\.code)
    }
}

// MARK: - JSON

extension VehicleReport {
    package var json: JSON {
        [
            "vin": JSON(vin.text),
            "as_of": JSON(asOf),
            "entries": JSON(entryCount),
            "head": .optional(head) { JSON($0.hash.hex) },
            "headline": headline.json,
            "identity": identity.json,
            "owners": owners.json,
            "findings": .array(findings.map(\.json)),
            "not_reported": .array(
                notReported.map { code in
                    ["code": JSON(code.rawValue), "zh": JSON(code.label.zh), "en": JSON(code.label.en)]
                }
            ),
            "odometer": odometer.json,
            "timeline": .array(events.map(\.json)),
        ]
    }
}

extension VehicleReport.Owners {
    package var sentence: LocalizedText {
        var sentence = PlainSentence(
            zh: "有记录的过户 \(recordedTransfers) 次",
            en: "Recorded transfers: \(recordedTransfers)"
        )
        if let statedTransfers {
            sentence.add(
                zh: "登记显示累计过户 \(statedTransfers) 次",
                en: "transfers so far, as registered: \(statedTransfers)"
            )
        }
        return sentence.text
    }

    package var json: JSON {
        [
            "recorded_transfers": JSON(recordedTransfers),
            "stated_transfers": .optional(statedTransfers, JSON.integer),
            "zh": JSON(sentence.zh),
            "en": JSON(sentence.en),
        ]
    }
}

extension OdometerSeries {
    package var json: JSON {
        [
            "readings": .array(
                points.map { point in
                    [
                        "entry": JSON(point.reading.entry.hex),
                        "date": JSON(point.reading.date),
                        "occurred_at": JSON(point.reading.occurredAt),
                        "odometer_km": .integer(point.reading.km),
                        "verdict": JSON(point.verdict.rawValue),
                        "counter": JSON(point.counter),
                    ]
                }
            ),
            "replacements": .array(
                replacements.map { replacement in
                    ["entry": JSON(replacement.entry.hex), "date": JSON(replacement.occurredAt.dateInChina)]
                }
            ),
        ]
    }
}
