package import Core
package import Cryptography

/// Every odometer reading of a car, compared with every other.
package struct OdometerSeries: Sendable, Hashable {
    /// A reading with what became of it.
    package struct Point: Sendable, Hashable {
        package let reading: OdometerReading
        package let verdict: Verdict
        /// Which counter it was read from: 0 until the first replacement.
        package let counter: Int
    }

    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        case consistent
        /// The highest one before a fall.
        case peak
        /// Lower than a reading before it.
        case lower
        /// After the counter ran past its last digit.
        case rolledOver = "rolled_over"
        case typingError = "typing_error"
        /// More than a car can drive since the reading before.
        case tooFar = "too_far"
    }

    /// A repair that put in another odometer: what it shows afterwards starts a new series.
    package struct Replacement: Sendable, Hashable {
        package let entry: Digest
        package let occurredAt: Instant
    }

    /// In the order of time.
    package let points: [Point]
    package let replacements: [Replacement]
    package let drops: [OdometerDrop]
    package let jumps: [OdometerJump]
    package let typingErrors: [OdometerReading]
    /// Readings that hold and have another one of the same counter to compare with.
    package let comparable: [OdometerReading]

    /// - Parameter timeline: only what holds in it is read.
    package init(_ timeline: Timeline) {
        let readings = timeline.holding.compactMap(OdometerReading.init).sorted(by: OdometerReading.inOrder)
        replacements = timeline.holding.filter { $0.facts.bool("odometer_replaced") == true }
            .map { Replacement(entry: $0.event.hash, occurredAt: $0.occurredAt) }
        let scans = OdometerSeries.counters(readings, replacedAt: replacements.map(\.occurredAt)).map(OdometerScan.init)
        drops = scans.flatMap(\.drops)
        jumps = scans.flatMap(\.jumps)
        typingErrors = scans.flatMap(\.typingErrors)
        comparable = scans.map(\.kept).filter { $0.count > 1 }.flatMap { $0 }
        points = scans.enumerated().flatMap { counter, scan in
            let verdicts = scan.verdicts
            return (scan.kept + scan.typingErrors).sorted(by: OdometerReading.inOrder)
                .map { Point(reading: $0, verdict: verdicts[$0.entry] ?? .consistent, counter: counter) }
        }
    }

    /// The highest mileage that was really read; a car has been driven at least so far.
    package var highest: OdometerReading? {
        points.filter { $0.verdict != .typingError && $0.verdict != .tooFar }.map(\.reading).max { $0.km < $1.km }
    }

    /// One list of readings for each counter. Of the pairs of neighbours that a replacement may lie between, it lies
    /// between those that fall most: the repair's own reading may be the old counter's or the new one's.
    private static func counters(
        _ readings: [OdometerReading],
        replacedAt replacements: [Instant]
    ) -> [[OdometerReading]] {
        let starts = Set(
            replacements.compactMap { time in
                readings.indices.dropFirst()
                    .filter { readings[$0 - 1].occurredAt <= time && time <= readings[$0].occurredAt }
                    .min { readings[$0].km - readings[$0 - 1].km < readings[$1].km - readings[$1 - 1].km }
            }
        )
        return readings.indices.reduce(into: []) { counters, index in
            if index == 0 || starts.contains(index) { counters.append([]) }
            counters[counters.count - 1].append(readings[index])
        }
    }
}

extension OdometerReading {
    init?(_ item: Timeline.Item) {
        guard let km = item.facts.odometerKm else { return nil }
        self.init(entry: item.event.hash, kind: item.event.kind, occurredAt: item.occurredAt, km: km)
    }

    /// By time. Readings of one instant, such as those of sources that only know the day, stand lowest first: the
    /// order in which they were recorded says nothing about the car.
    static func inOrder(_ left: OdometerReading, _ right: OdometerReading) -> Bool {
        if left.occurredAt != right.occurredAt { return left.occurredAt < right.occurredAt }
        if left.km != right.km { return left.km < right.km }
        return left.entry.bytes.lexicographicallyPrecedes(right.entry.bytes)
    }
}

extension OdometerScan {
    /// By entry; a reading without a verdict is consistent. What is worse overwrites what is better.
    fileprivate var verdicts: [Digest: OdometerSeries.Verdict] {
        var verdicts: [Digest: OdometerSeries.Verdict] = [:]
        for jump in jumps { verdicts[jump.after.entry] = .tooFar }
        for drop in drops { verdicts[drop.peak.entry] = .peak }
        for drop in drops {
            for reading in drop.lower {
                verdicts[reading.entry] = drop.rolloverModulusKm == nil ? .lower : .rolledOver
            }
        }
        for reading in typingErrors { verdicts[reading.entry] = .typingError }
        return verdicts
    }
}
