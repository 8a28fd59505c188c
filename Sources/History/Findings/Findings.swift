package import Core

/// What a car's records answer to everything that a buyer should ask. Pure: the same timeline and the same day give
/// the same findings, to whoever computes them.
package enum Findings {
    /// One finding for each code, what weighs most first: by severity, then yes, not known, no, then as codes stand.
    ///
    /// - Parameter timeline: read for what holds in it. What was corrected, retracted or erased decides nothing.
    package static func all(_ timeline: Timeline, asOf: Instant) -> [Finding] {
        all(timeline, OdometerSeries(timeline), asOf: asOf)
    }

    static func all(_ timeline: Timeline, _ series: OdometerSeries, asOf: Instant) -> [Finding] {
        let findings =
            [.scrapped(timeline), .exported(timeline), .theft(timeline), .vinMismatch(timeline)]
            + IncidentQuestion.all.map { $0.finding(in: timeline) }
            + OdometerFindings(timeline, series).all
            + [OpenMatter.mortgage, .recall].map { $0.finding(in: timeline) }
            + [.scrapAge(timeline, series, asOf: asOf), .commercialUse(timeline)]
            + RecordFindings(timeline, asOf: asOf).all
        return findings.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
    }
}

extension Finding {
    fileprivate var rank: [Int] {
        [
            Severity.allCases.firstIndex(of: severity) ?? 0,
            [TriState.yes, .notKnown, .no].firstIndex(of: state) ?? 0,
            FindingCode.allCases.firstIndex(of: code) ?? 0,
        ]
    }
}
