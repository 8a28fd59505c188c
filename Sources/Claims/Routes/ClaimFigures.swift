import Core
import Storage

/// How fast the last claims were answered and solved, and what was late, by level and dealer.
struct ClaimFigures {
    /// So many claims, the newest: what was long ago says little of today.
    static let claimsMaximum = 500

    private var responses: [Int64] = []
    private var solutions: [Int64] = []
    private var breachesByLevel: [String: Int64] = [:]
    private var breachesByDealer: [String: Int64] = [:]
    private var count = 0

    init(_ tx: any Transaction) throws {
        let ids = try tx.rows(
            """
            SELECT id
            FROM claim
            WHERE id > ''
            ORDER BY id DESC
            LIMIT \(ClaimFigures.claimsMaximum)
            """
        ).compactMap { ClaimID(try $0.text(0)) }
        for id in ids { take(try Claim(facts: try ClaimStore.facts(tx, of: id))) }
    }

    private mutating func take(_ claim: Claim) {
        count += 1
        for run in claim.clockRuns() {
            guard let stoppedAt = run.stoppedAt else { continue }
            let seconds = stoppedAt.seconds(since: run.startedAt)
            if run.kind == .response { responses.append(seconds) }
            if run.kind == .solution { solutions.append(seconds) }
        }
        for fact in claim.facts {
            guard case .clockMarked(let mark) = fact.body, mark.percent >= ClockPolicy.breachPercent else { continue }
            breachesByLevel[mark.level.rawValue, default: 0] += 1
            breachesByDealer[claim.filing.dealer, default: 0] += 1
        }
    }

    var json: JSON {
        [
            "claims": JSON(count),
            "response_seconds": ClaimFigures.percentiles(responses),
            "solution_seconds": ClaimFigures.percentiles(solutions),
            "breaches_by_level": ClaimFigures.counts(breachesByLevel, "level"),
            "breaches_by_dealer": ClaimFigures.counts(breachesByDealer, "dealer"),
        ]
    }

    /// By nearest rank; `null` where nothing was measured.
    private static func percentiles(_ seconds: [Int64]) -> JSON {
        let sorted = seconds.sorted()
        func value(_ percent: Int) -> JSON {
            guard !sorted.isEmpty else { return .null }
            return .integer(sorted[max(0, (sorted.count * percent + 99) / 100 - 1)])
        }
        return ["count": JSON(sorted.count), "p50": value(50), "p90": value(90), "p99": value(99)]
    }

    private static func counts(_ counts: [String: Int64], _ name: String) -> JSON {
        .array(
            counts.sorted { $0.key < $1.key }.map {
                JSON.object([
                    .init(name, JSON($0.key)), .init("count", .integer($0.value)),
                ])
            }
        )
    }
}
