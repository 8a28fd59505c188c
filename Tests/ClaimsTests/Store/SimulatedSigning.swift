import Claims
import Core
import Support
import Testing

/// Who may sign how much, worked out a second time from what is on record. The limits are those of the first edition,
/// in yuan.
struct SimulatedSigning {
    private struct Limit {
        let role: CallerRole
        let claim: Int64
        let day: Int64
    }

    private static let limits: [Limit] = TextTable(
        """
        role         | claim | day
        junior       |   500 |   2000
        intermediate |  3000 |  12000
        senior       | 10000 |  50000
        manager      | 50000 | 200000
        """
    ).rows.map { row in
        Limit(
            role: CallerRole(rawValue: row["role"])!,
            claim: Int64(row["claim"])! * 100,
            day: Int64(row["day"])! * 100
        )
    }

    private static let aloneAdvanceMaximum = fen(yuan: 5_000)

    private let certifiedUntil: [String: CalendarDate]
    private(set) var decided: [String: Int64] = [:]

    init(_ staff: [ClaimActor]) {
        certifiedUntil = Dictionary(
            uniqueKeysWithValues: staff.compactMap { actor in actor.certifiedUntil.map { (actor.caller.id, $0) } }
        )
    }

    /// A signature that stands on record was somebody's to give.
    ///
    /// - Returns: how many it takes.
    mutating func sign(_ amount: Money, _ deed: Deed, by caller: Caller, at instant: Instant) -> Int {
        let day = instant.dateInChina
        let isCertified = certifiedUntil[caller.id].map { day <= $0 } ?? false
        let own = Self.limits.firstIndex { $0.role == caller.role } ?? -1
        #expect(isCertified && own >= 0, "\(caller) on \(day)")
        guard let needed = Self.limits.firstIndex(where: { amount.fen <= $0.claim }) else {
            #expect(caller.role == .manager, "\(caller) signed \(amount)")
            return 2
        }
        let sum = decided["\(caller.id) \(day)", default: 0] + amount.fen
        decided["\(caller.id) \(day)"] = sum
        #expect(own >= needed && sum <= Self.limits[max(0, own)].day, "\(caller) signed \(amount), \(sum) on \(day)")
        return deed == .advance && amount > Self.aloneAdvanceMaximum ? 2 : 1
    }
}
