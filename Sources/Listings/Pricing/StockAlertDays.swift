package import Core
import Identity
import Storage

/// After how many days a dealer wants to hear of a car that is still there.
package struct StockAlertDays: Sendable, Hashable {
    package let slowFromDays: Int
    package let overdueFromDays: Int
    /// Counts the changes; 0 where he has never chosen.
    package let version: Int64

    package static let usual = StockAlertDays(
        slowFromDays: StockBand.slowFromDays,
        overdueFromDays: StockBand.overdueFromDays,
        version: 0
    )

    static let days: ClosedRange<Int64> = 1...3650

    package var json: JSON {
        ["slow_from_days": JSON(slowFromDays), "overdue_from_days": JSON(overdueFromDays)]
    }

    var entityTag: String { Identity.entityTag(version: version, json) }

    /// - Throws: `invalidRequest` with every fault.
    static func days(reading json: JSON) throws -> (slow: Int64, overdue: Int64) {
        var reader = try ObjectReader(json)
        let slow = reader.integer("slow_from_days", in: days)
        let overdue = reader.integer("overdue_from_days", in: days)
        if let slow, let overdue, overdue <= slow {
            reader.fault(
                "overdue_from_days",
                "out_of_range",
                zh: "须大于 slow_from_days",
                en: "Must be greater than slow_from_days"
            )
        }
        reader.refuseUnknownMembers()
        try reader.faults.throwIfAny()
        guard let slow, let overdue else { throw Failure(.invalidRequest) }
        return (slow, overdue)
    }
}

/// Every statement about when dealers want to hear of what stands.
enum StockAlertStore {
    static func find(_ tx: any Transaction, _ organization: String) throws -> StockAlertDays {
        let row = try tx.first(
            """
            SELECT slow_from_days, overdue_from_days, version
            FROM stock_alert_days
            WHERE organization = \(organization)
            """
        )
        guard let row else { return .usual }
        return StockAlertDays(
            slowFromDays: Int(try row.integer(0)),
            overdueFromDays: Int(try row.integer(1)),
            version: try row.integer(2)
        )
    }

    static func put(_ tx: any Transaction, _ organization: String, _ lines: StockAlertDays) throws {
        try tx.execute(
            """
            INSERT INTO stock_alert_days (organization, slow_from_days, overdue_from_days, version)
            VALUES (\(organization), \(lines.slowFromDays), \(lines.overdueFromDays), \(lines.version))
            ON CONFLICT (organization) DO UPDATE SET
                slow_from_days = excluded.slow_from_days,
                overdue_from_days = excluded.overdue_from_days,
                version = excluded.version
            """
        )
    }
}
