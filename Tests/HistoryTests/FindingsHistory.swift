import Core
import Cryptography
import Testing

@testable import History

/// A car's chain, written as a text: `2020-05-01 flood.reported water_level=seat; 2021-06 odometer.read odometer_km=5`.
///
/// Numbers are integers, `true` and `false` booleans, `¥` an amount in fen, and a value with a comma is a list. A part
/// that begins with `recorded=` says when it was recorded; otherwise that is when it happened. `2021` is its first day.
struct WrittenHistory {
    private(set) var entries: [RecordedEvent] = []
    private static let shortNames = [
        "registered": "vehicle.registered", "transferred": "ownership.transferred", "inspected": "inspection.platform",
        "recalled": "recall.announced", "remedied": "recall.done", "mortgaged": "mortgage.registered",
        "released": "mortgage.released", "serviced": "maintenance.done",
    ]

    init(_ text: String = "") {
        for line in text.split(whereSeparator: { $0 == ";" || $0.isNewline }) { add(String(line)) }
    }

    var timeline: Timeline { Timeline(entries) }

    func findings(asOf day: String = "2024-06-01") -> [Finding] {
        Findings.all(timeline, asOf: instant(day))
    }

    func finding(_ code: FindingCode, asOf day: String = "2024-06-01") -> Finding? {
        findings(asOf: day).first { $0.code == code }
    }

    @discardableResult
    mutating func add(_ line: String) -> RecordedEvent {
        let words = line.split(separator: " ").map(String.init)
        let members = words.dropFirst(2).compactMap(member)
        let recorded = words.first { $0.hasPrefix("recorded=") }.map { instant(String($0.dropFirst(9))) }
        return append(
            VehicleEventKind(rawValue: WrittenHistory.shortNames[words[1]] ?? words[1])!,
            at: instant(words[0]),
            recordedAt: recorded,
            .object(members)
        )
    }

    @discardableResult
    mutating func append(
        _ kind: VehicleEventKind,
        at time: Instant,
        recordedAt: Instant? = nil,
        _ data: JSON?,
        corrects: Digest? = nil
    ) -> RecordedEvent {
        let seq = Int64(entries.count)
        let event = RecordedEvent(
            seq: seq,
            hash: SHA256.hash("entry \(seq)".utf8),
            kind: kind,
            occurredAt: time,
            recordedAt: recordedAt ?? time,
            source: "org_source",
            ref: "ref-\(seq)",
            data: data,
            corrects: corrects
        )
        entries.append(event)
        return event
    }

    mutating func correct(_ event: RecordedEvent, to data: JSON, at day: String? = nil, reason: String = "录错") {
        var members: [JSON.Member] = [.init("reason", JSON(reason)), .init("data", data)]
        if let day { members.append(.init("occurred_at", JSON(instant(day)))) }
        append(.entryCorrected, at: instant("2024-01-01"), .object(members), corrects: event.hash)
    }

    mutating func retract(_ event: RecordedEvent, reason: String = "记错了车") {
        append(.entryRetracted, at: instant("2024-01-01"), ["reason": JSON(reason)], corrects: event.hash)
    }

    mutating func erase(_ event: RecordedEvent) {
        entries[Int(event.seq)] = RecordedEvent(
            seq: event.seq,
            hash: event.hash,
            kind: event.kind,
            occurredAt: event.occurredAt,
            recordedAt: event.recordedAt,
            source: event.source,
            ref: event.ref,
            data: nil,
            corrects: event.corrects
        )
        append(.payloadErased, at: instant("2024-01-01"), ["entry": JSON(event.hash.hex), "ground": "other_law"])
    }

    private func member(_ word: String) -> JSON.Member? {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] != "recorded" else { return nil }
        return JSON.Member(parts[0], value(parts[1]))
    }

    private func value(_ text: String) -> JSON {
        if let number = Int64(text) { return .integer(number) }
        if text == "true" || text == "false" { return .bool(text == "true") }
        if text.hasPrefix("¥"), let fen = Int64(text.dropFirst()) { return Money(fen: fen).json }
        if text.contains(",") { return .array(text.split(separator: ",").map { .string(String($0)) }) }
        return .string(text)
    }
}

/// Noon in China on a day, or on the first of a month or a year; or an RFC 3339 time.
func instant(_ text: String) -> Instant {
    if let time = Instant(rfc3339: text) { return time }
    return CalendarDate(text + "-01-01".suffix(10 - text.count))!.startInChina.adding(seconds: 12 * 3600)
}

/// Readings by day, as a series.
func series(_ readings: [(day: Int, km: Int64)]) -> OdometerSeries {
    var history = WrittenHistory()
    for reading in readings {
        history.append(
            .odometerRead,
            at: instant("2015-01-01").adding(seconds: Int64(reading.day) * 86_400),
            ["odometer_km": .integer(reading.km)]
        )
    }
    return OdometerSeries(history.timeline)
}
